import { describe, expect, it } from 'vitest';
import { createProductSource } from './product-source.ts';
import { parseProduct, ProductFormatError } from './product.ts';

const both = { ru: 'да', en: 'yes' };
const wire = {
  slug: 'demo',
  name: both,
  promise: both,
  proof: both,
  hue: 300,
  languages: ['ru', 'en'],
  botUrl: 'https://t.me/demo_bot',
  supportUrl: 'https://t.me/demo_help',
  plans: [
    {
      id: 'pln_01m7xxt74tf4rt6j3p9q14qjpb',
      code: 'm1',
      version: 4,
      title: both,
      termDays: 30,
      devices: 3,
      trafficBytes: '0',
      prices: [{ minor: '19900', currency: 'RUB' }],
    },
  ],
  connect: [],
  questions: [{ question: both, answer: both }],
};

function world() {
  let at = Date.parse('2026-11-21T10:00:00Z');
  let up = true;
  let asked = 0;
  let asOf: string | undefined;
  const source = createProductSource({
    load: () => {
      asked += 1;
      return up ? Promise.resolve({ ...wire, asOf }) : Promise.reject(new Error('away'));
    },
    now: () => new Date(at),
    failed: () => undefined,
  });
  return {
    source,
    asked: () => asked,
    setUp: (value: boolean) => (up = value),
    setAsOf: (value: string | undefined) => (asOf = value),
    advance: (ms: number) => (at += ms),
  };
}

describe('the product of the gateway', () => {
  it('is asked for once a minute, and once by visitors who come together', async () => {
    const { source, asked, advance } = world();
    await Promise.all([source(), source(), source()]);
    advance(59_999);
    expect((await source()).state).toBe('fresh');
    expect(asked()).toBe(1);
    advance(1);
    await source();
    expect(asked()).toBe(2);
  });

  it('stays on show with its time while the gateway is away, and renews when it is back', async () => {
    const { source, setUp, advance } = world();
    await source();
    setUp(false);
    advance(60_000);
    expect(await source()).toMatchObject({
      state: 'stale',
      asOf: new Date('2026-11-21T10:00:00Z'),
      product: { slug: 'demo' },
    });
    setUp(true);
    advance(5_000);
    expect((await source()).state).toBe('fresh');
  });

  it('is shown with its time when the API itself has only a copy, and renewed soon', async () => {
    const { source, setAsOf, advance } = world();
    setAsOf('2026-11-21T09:30:00.000Z');
    expect(await source()).toMatchObject({
      state: 'stale',
      asOf: new Date('2026-11-21T09:30:00Z'),
    });
    setAsOf(undefined);
    advance(5_000);
    expect((await source()).state).toBe('fresh');
  });

  it('is absent when there never was a copy, and the gateway is not asked by every visitor', async () => {
    const { source, setUp, asked, advance } = world();
    setUp(false);
    expect(await source()).toEqual({ state: 'absent' });
    advance(4_999);
    await source();
    expect(asked()).toBe(1);
    setUp(true);
    advance(1);
    expect((await source()).state).toBe('fresh');
  });
});

describe('reading the wire', () => {
  it('reads exact sums and unlimited traffic', () => {
    const [plan] = parseProduct(wire).plans;
    expect(plan?.prices[0]).toEqual({ minor: 19_900n, currency: 'RUB' });
    expect(plan?.trafficBytes).toBeNull();
  });

  it.each([
    ['a link that is a script', { ...wire, botUrl: 'javascript:alert(1)' }],
    ['a slug that leaves its folder', { ...wire, slug: '../x' }],
    ['a hue off the wheel', { ...wire, hue: 360 }],
    [
      'an unknown currency',
      { ...wire, plans: [{ ...wire.plans[0], prices: [{ minor: '1', currency: 'ZZZ' }] }] },
    ],
    [
      'a sum as a number',
      { ...wire, plans: [{ ...wire.plans[0], prices: [{ minor: 1, currency: 'RUB' }] }] },
    ],
    ['a plan without a price', { ...wire, plans: [{ ...wire.plans[0], prices: [] }] }],
    ['a code that is no start parameter', { ...wire, plans: [{ ...wire.plans[0], code: 'a b' }] }],
    ['words in one language', { ...wire, name: { ru: 'да' } }],
    ['nothing', null],
  ])('refuses %s', (_name, broken) => {
    expect(() => parseProduct(broken)).toThrow(ProductFormatError);
  });
});
