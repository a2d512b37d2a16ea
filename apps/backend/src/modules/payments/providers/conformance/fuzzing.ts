/**
 * The random part of the suite: whatever comes in, an adapter refuses or reads it (never a crash),
 * nothing but the truth is money (never a false "paid"), and its work grows with the input's size
 * and no faster. Seeds are the vendor's true notices and answers.
 */
import { money, type Clock } from '@opora/kernel';
import {
  anyBody,
  anyText,
  beginCounting,
  countWork,
  fuzzed,
  fuzzTimeout,
  MEGABYTE,
  mutatedBytes,
  mutatedJson,
  neighbours,
  oddJsonText,
  readAt,
  replacedAt,
} from '@opora/testkit';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type {
  ScriptedAnswer,
  ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { WebhookRejected } from '../../errors.ts';
import type { Payment } from '../../payment.ts';
import type { PaymentProvider, ProviderPayment } from '../../provider.ts';
import type { ProvidersDeps } from '../registry.ts';
import { declaredCalls, sum, type Matters, type ProviderCase } from './case.ts';
import { answered, expectSoundPayment, isMoneyOf, judged } from './sound.ts';

/** Runs of one property in `npm test`; `OPORA_FUZZ_TIMES` multiplies them. */
const NOTICES = 150;
const ANSWERS = 40;
/** Twice the input is twice the work, and a little: a quadratic reader would show four times. */
const GROWTH_MAX = 2.3;
/** Blocks of a refusal, its error and its expectation. */
const REFUSAL_MAX = 2_000;

const SLOW = { timeout: fuzzTimeout() };

export function fuzzing(
  vendor: ProviderCase,
  deps: (clock?: Clock) => ProvidersDeps,
  server: () => ScriptedServer,
): void {
  beginCounting();
  let made: PaymentProvider | undefined;
  const provider = (): PaymentProvider => {
    made ??= (vendor.fuzz.create ?? vendor.create)(server().url, deps());
    if (made === undefined) throw new Error('the provider is not offered');
    return made;
  };
  strangers(vendor, provider);
  signedNotices(vendor, provider);
  answers(vendor, provider, server);
  bounded(vendor, provider);
}

type Make = () => PaymentProvider;

function strangers({ fuzz }: ProviderCase, provider: Make): void {
  const [truth] = fuzz.notices;
  const text = JSON.stringify(truth);
  const names = Object.keys(fuzz.signs(text).headers);

  it('takes no bytes of a stranger for a proof', SLOW, async () => {
    const headers = fc.record(Object.fromEntries(names.map((name) => [name, anyText])));
    const property = fc.asyncProperty(anyBody, headers, async (body, given) => {
      const notice = await judged(provider(), { ...fuzz.signs(''), body, headers: given });
      if (notice !== undefined) expect(notice).toMatchObject({ confirmed: false });
    });
    await fc.assert(property, fuzzed(NOTICES));
  });

  it('takes no altered bytes of a true notice for a proof', SLOW, async () => {
    const original = fuzz.signs(text);
    const altered = fc.oneof(...fuzz.notices.map((one) => mutatedBytes(signedBytes(fuzz, one))));
    const property = fc.asyncProperty(altered, async (body) => {
      const notice = await judged(provider(), { ...original, body });
      // Where a header alone is the proof, it proves these bytes as well.
      const proof = fuzz.signs(body).headers;
      if (notice?.confirmed === true) expect(original.headers).toEqual(proof);
      else expect(notice?.claims).toBeUndefined();
    });
    await fc.assert(property, fuzzed(NOTICES));
  });

  it('takes no altered header of a true notice for a proof of something else', SLOW, async () => {
    const original = fuzz.signs(text);
    const expected = await judged(provider(), original);
    const altered = fc.oneof(
      ...names.map((name) =>
        mutatedBytes(Buffer.from(original.headers[name] ?? '')).map((bytes) => ({
          [name]: bytes.toString('latin1'),
        })),
      ),
    );
    const property = fc.asyncProperty(altered, async (header) => {
      const headers = { ...original.headers, ...header };
      const notice = await judged(provider(), { ...original, headers });
      if (notice !== undefined) expect(notice).toEqual(expected);
    });
    if (names.length > 0) await fc.assert(property, fuzzed(NOTICES));
  });
}

function signedBytes(fuzz: ProviderCase['fuzz'], notice: unknown): Buffer {
  return fuzz.signs(JSON.stringify(notice)).body;
}

function signedNotices(vendor: ProviderCase, provider: Make): void {
  const { fuzz } = vendor;
  it('reads whatever is signed, or refuses it', SLOW, async () => {
    const text = fc.oneof(oddJsonText, ...fuzz.notices.map(mutatedJson));
    const property = fc.asyncProperty(fc.oneof(text, anyBody), async (one) => {
      const notice = await judged(provider(), fuzz.signs(one));
      if (provider().capabilities.webhookProof === 'signature') return;
      if (notice !== undefined)
        expect(notice).toMatchObject({ confirmed: false, claims: undefined });
    });
    await fc.assert(property, fuzzed(NOTICES * 2));
  });

  it('claims no money with another sum, currency, status, merchant or order', SLOW, async () => {
    const { inNotice } = fuzz;
    const [truth] = fuzz.notices;
    const claims = async (text: string) => (await judged(provider(), fuzz.signs(text)))?.claims;
    const said = await claims(JSON.stringify(truth));
    if (inNotice === undefined) {
      expect(said).toBeUndefined();
      return;
    }
    await expectOnlyTruthPays(provider().id, { said, truth, matters: inNotice }, claims);
  });
}

/** The same place with another value: not the one it had in another spelling. */
function otherFacts(truth: unknown, { facts, order }: Matters): fc.Arbitrary<string> {
  const places = facts.map((path) => {
    const value = readAt(truth, path);
    if (value === undefined) throw new Error(`nothing stands at ${path}`);
    return neighbours(value)
      .filter((other) => other !== null && !isSameSpelled(other, value))
      .map((other) => replacedAt(truth, path, other) ?? '');
  });
  const orders =
    order === undefined
      ? []
      : [anyText.filter(Boolean).map((other) => replacedAt(truth, order, other) ?? '')];
  return fc.oneof(...places, ...orders);
}

/** `499`, `"499"` and `"499.00"`; `rub` and `RUB`. */
function isSameSpelled(one: unknown, other: unknown): boolean {
  const spelled = (value: unknown): string => {
    const text = (typeof value === 'string' ? value : JSON.stringify(value)).toLowerCase();
    return /^\d+(?:\.\d+)?$/.test(text) ? String(Number(text)) : text;
  };
  return spelled(one) === spelled(other);
}

type Truth = Readonly<{ said: ProviderPayment | undefined; truth: unknown; matters: Matters }>;

async function expectOnlyTruthPays(
  provider: PaymentProvider['id'],
  { said, truth, matters }: Truth,
  read: (text: string) => Promise<ProviderPayment | undefined>,
): Promise<void> {
  const payment = paymentOf(provider, said);
  expect(isMoneyOf(payment, said), 'the truth itself is money').toBe(true);
  const property = fc.asyncProperty(otherFacts(truth, matters), async (text) => {
    expect(isMoneyOf(payment, await read(text))).toBe(false);
  });
  await fc.assert(property, fuzzed(NOTICES));
}

/** Our payment as it waits for exactly this money. */
function paymentOf(provider: PaymentProvider['id'], said: ProviderPayment | undefined): Payment {
  if (said?.paymentId === undefined) throw new Error('the truth names no payment of ours');
  return {
    id: said.paymentId,
    provider,
    reference: said.reference,
    amount: said.amount,
    refunded: money(0n, said.amount.currency),
    credited: money(0n, said.amount.currency),
    state: 'pending',
    ...{ orderId: 'ord_01JD0005', personId: 'per_01JD0005', checks: 0, reason: undefined },
    ...{ checkoutUrl: undefined, createdAt: new Date(0), settledAt: undefined },
    ...{ saveWords: undefined, methodId: undefined, advice: undefined, secondOf: undefined },
    receiptTo: undefined,
    asked: undefined,
  };
}

function answers(vendor: ProviderCase, provider: Make, server: () => ScriptedServer): void {
  const script = (made: PaymentProvider, change: (body: unknown) => unknown): void => {
    server().clear();
    vendor.script.prepares?.(server());
    const changed = changing(server(), change);
    const amount = sum(made, 100n);
    vendor.script.starts(changed);
    vendor.script.refunds(changed, amount);
    vendor.script.shows(changed, {
      status: paidWord(vendor),
      amount,
      refunded: sum(made, 0n),
    });
  };

  it('reads any answer, or calls it none', SLOW, async () => {
    const made = provider();
    const property = fc.asyncProperty(oddAnswer, async (odd) => {
      script(made, odd);
      for (const [name, call] of declaredCalls(made, vendor)) {
        const result = await answered(call);
        if (result === undefined || name === 'refund') continue;
        for (const payment of paymentsIn(result)) expectSoundPayment(payment);
      }
    });
    await fc.assert(property, fuzzed(ANSWERS));
  });

  it('books no answer with another sum, currency, status, merchant or order', SLOW, async () => {
    const made = provider();
    let truth: unknown;
    const look = async (change: (body: unknown) => unknown) => {
      script(made, change);
      return (await answered(() => made.lookup(vendor.reference))) as ProviderPayment | undefined; // what lookup gives
    };
    const said = await look((body) => {
      if (isAbout(body, vendor.fuzz.inAnswer)) truth = body;
      return body;
    });
    const matters = vendor.fuzz.inAnswer;
    await expectOnlyTruthPays(made.id, { said, truth, matters }, (text) =>
      look((body) => (isAbout(body, matters) ? raw(text) : body)),
    );
  });
}

/** The answer in which the facts stand: a lookup may ask for more than one. */
function isAbout(body: unknown, { facts }: Matters): boolean {
  return facts.every((path) => readAt(body, path) !== undefined);
}

function paidWord({ statuses }: ProviderCase): string {
  return Object.entries(statuses).find(([, state]) => state === 'settled')?.[0] ?? '';
}

/** Payments of `start`, `list` and of the calls that give one. */
function paymentsIn(result: unknown): ProviderPayment[] {
  if (Array.isArray(result)) return result;
  const started = readAt(result, 'payment');
  return [(started ?? result) as ProviderPayment]; // what the port's calls give
}

/** JSON text that goes out as it stands. */
function raw(text: string): unknown {
  return { [RAW]: text };
}
const RAW = Symbol('raw');

/** Either other values in the vendor's own answer, or something that is none at all. */
const oddAnswer: fc.Arbitrary<(body: unknown) => unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.nat().map((seed) => (body: unknown) => raw(mutated(body, seed))) },
  { weight: 1, arbitrary: oddJsonText.map((text) => () => raw(text)) },
);

function mutated(body: unknown, seed: number): string {
  const arbitrary = typeof body === 'object' && body !== null ? mutatedJson(body) : oddJsonText;
  return fc.sample(arbitrary, { numRuns: 1, seed })[0] ?? '';
}

/** The same server; what the vendor's script answers well is changed on its way out. */
function changing(server: ScriptedServer, change: (body: unknown) => unknown): ScriptedServer {
  const spoil = (answer: ScriptedAnswer): ScriptedAnswer => {
    if (typeof answer === 'string' || answer.status >= 300) return answer;
    const body = change(answer.body);
    const text = typeof body === 'object' && body !== null ? Reflect.get(body, RAW) : undefined;
    return { ...answer, body: text ?? body };
  };
  return {
    ...server,
    answer: (route, ...given) => {
      server.answer(route, ...given.map(spoil));
    },
    answerWith: (route, respond) => {
      server.answerWith(route, (request) => spoil(respond(request)));
    },
  };
}

function bounded({ fuzz }: ProviderCase, provider: Make): void {
  const [truth] = fuzz.notices;
  const padded = (bytes: number): unknown =>
    typeof truth === 'object' ? { ...truth, x: 'y'.repeat(bytes) } : truth;
  const shapes: Readonly<Record<string, (count: number) => string>> = {
    'one long text': (count) => JSON.stringify(padded(count * 8)),
    'many fields': (count) =>
      JSON.stringify({ ...Object.fromEntries(names(count).map((name) => [name, 1])) }),
    'deep nesting': (count) => `${'{"a":['.repeat(count)}${']}'.repeat(count)}`,
    'a repeated name': (count) => `{${names(count).fill('"a":1').join(',')}}`,
    'form fields': (count) => names(count).join('&a='),
  };

  it.each(Object.entries(shapes))(
    'works on %s in step with its size',
    SLOW,
    async (_name, make) => {
      const work = async (count: number): Promise<number> => {
        const raws = [
          fuzz.signs(make(count)),
          { ...fuzz.signs(''), body: Buffer.from(make(count)) },
        ];
        return countWork(async () => {
          for (const one of raws) await judged(provider(), one);
        });
      };
      const [once, twice] = [await work(1_500), await work(3_000)];
      expect(twice).toBeLessThan(once * GROWTH_MAX);
    },
  );

  it('refuses a megabyte and more without reading it', SLOW, async () => {
    const work = (size: number): Promise<number> => {
      const raw = fuzz.signs(Buffer.alloc(size, '"'));
      return countWork(() =>
        expect(provider().verify(raw)).rejects.toBeInstanceOf(WebhookRejected),
      );
    };
    const once = await work(MEGABYTE);
    expect(await work(2 * MEGABYTE)).toBeLessThan(once * 1.5 + REFUSAL_MAX);
  });
}

function names(count: number): string[] {
  return Array.from({ length: count }, (_one, at) => `f${String(at)}`);
}
