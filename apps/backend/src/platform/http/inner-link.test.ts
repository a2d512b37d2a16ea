import { randomBytes } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { createInnerLink } from './index.ts';

const SECOND = 1_000;
const key = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

function setUp(first = key('one')) {
  const clock = createManualClock();
  const set: { text: string | undefined } = { text: first };
  const keys = () => (set.text === undefined ? undefined : new Secret(set.text));
  const of = (role: string) => createInnerLink({ role, keys, clock });
  return { clock, set, of, gateway: of('gateway'), auth: of('auth'), api: of('api') };
}
const inner = (token: string) => ({ 'x-opora-inner': token });

describe('a service token (D10)', () => {
  it('proves at the role it was made for, and at no other', () => {
    const { gateway, auth, api } = setUp();
    const token = gateway.tokenFor('auth');
    expect([auth, api, gateway].map((link) => link.proves(inner(token)))).toEqual([
      true,
      false,
      false,
    ]);
    expect(auth.isService({ authorization: `Bearer ${token}` })).toBe(true);
    expect(auth.isService({ ...inner(token), 'x-forwarded-for': '203.0.113.9' })).toBe(false);
  });

  it('lives for two minutes, and another is sent before its end', async () => {
    const { clock, gateway, auth } = setUp();
    const first = gateway.tokenFor('auth');
    await clock.advance(50 * SECOND);
    expect(gateway.tokenFor('auth')).toBe(first);
    await clock.advance(20 * SECOND);
    expect(gateway.tokenFor('auth')).not.toBe(first);
    await clock.advance(79 * SECOND);
    expect(auth.proves(inner(first))).toBe(true);
    await clock.advance(2 * SECOND);
    expect(auth.proves(inner(first))).toBe(false);
  });

  it('with any other sign proves nothing', () => {
    const { gateway, auth } = setUp();
    const token = gateway.tokenFor('auth');
    for (let at = 0; at < token.length - 1; at += 1) {
      const other = token[at] === 'a' ? 'b' : 'a';
      const changed = `${token.slice(0, at)}${other}${token.slice(at + 1)}`;
      expect(auth.proves(inner(changed)), changed).toBe(false);
    }
    const stranger = setUp().gateway.tokenFor('auth');
    for (const wrong of [stranger, '', `${token}a`, `Bearer ${token}`, 'ost....']) {
      expect(auth.proves(inner(wrong))).toBe(false);
    }
    // Ten years of life are not believed, whoever made them.
    const late = token.replace(/\.\d{10}\./, '.4102444800.');
    expect(auth.proves(inner(late))).toBe(false);
  });

  it('is not there without keys', () => {
    const { set, of } = setUp();
    set.text = undefined;
    const link = of('auth');
    expect(link.tokenFor('auth')).toBe('');
    expect(link.proves(inner(''))).toBe(false);
    expect(link.isService({ authorization: 'Bearer ' })).toBe(false);
    expect(link.mark('x')).toBeUndefined();
    expect(link.knowsMark('x', '')).toBe(false);
  });
});

describe('keys of roles', () => {
  it('change in two steps while everybody runs, and nothing is refused between', async () => {
    const [old, fresh] = [key('one'), key('two')];
    const { clock, set, gateway, auth } = setUp(old);
    const isHeard = () => auth.proves(inner(gateway.tokenFor('auth')));
    const mark = gateway.mark('kept') ?? '';
    for (const keys of [`${old},${fresh}`, `${fresh},${old}`, fresh]) {
      set.text = keys;
      // One of them has read the new set, the other not yet: in either order.
      for (let at = 0; at < 12; at += 1) {
        await clock.advance(SECOND);
        expect(isHeard(), keys).toBe(true);
      }
    }
    expect(gateway.knowsMark('kept', gateway.mark('kept') ?? '')).toBe(true);
    expect(gateway.knowsMark('kept', mark)).toBe(false);
    set.text = 'not a set of keys';
    await clock.advance(20 * SECOND);
    expect(isHeard()).toBe(true);
  });

  it('a set that is none stops the start', () => {
    expect(() => setUp('short')).toThrow('32 bytes');
  });
});
