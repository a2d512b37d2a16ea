import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Grant } from './subscription.ts';
import { isTaken, leftOf, withheldOf } from './term.ts';

const DAY_MS = 86_400_000;
const day = (days: number): Date => new Date(days * DAY_MS);

/** A subscription in miniature: what the use cases write, day by day. */
function book() {
  const grants: Grant[] = [];
  let expiresAt = day(0);
  const add = (kind: Grant['kind'], given: { from: Date; to: Date; at: number; of?: number }) => {
    const revision = grants.length + 1;
    const common = { orderId: undefined, actId: undefined, subscriptionId: 'sub', revision };
    const dates = { startsAt: given.from, endsAt: given.to, createdAt: day(given.at) };
    grants.push({ kind, ...common, ...dates, ofRevision: given.of });
    return revision;
  };
  const push = (kind: Grant['kind'], at: number, ms: number, of?: number): number => {
    const from = expiresAt > day(at) ? expiresAt : day(at);
    expiresAt = new Date(from.getTime() + ms);
    return add(kind, { from, to: expiresAt, at, ...(of === undefined ? {} : { of }) });
  };
  return {
    grants,
    expiry: () => expiresAt.getTime() / DAY_MS,
    left: (owner: number, at: number) => leftOf(grants, owner, day(at)) / DAY_MS,
    give: (at: number, days: number) => push('order', at, days * DAY_MS),
    take(owner: number, at: number) {
      const left = leftOf(grants, owner, day(at));
      const from = new Date(expiresAt.getTime() - left);
      add('withdraw', { from, to: expiresAt, at, of: owner });
      expiresAt = from;
    },
    giveBack: (owner: number, at: number) => push('restore', at, withheldOf(grants, owner), owner),
    revoke(at: number) {
      if (expiresAt > day(at)) expiresAt = day(at);
      add('revoke', { from: expiresAt, to: expiresAt, at });
    },
  };
}

describe('the days of a term', () => {
  it('are taken from the order that lost its money, and the others move up', () => {
    const one = book();
    const [a, b, c] = [one.give(0, 30), one.give(0, 30), one.give(0, 30)];
    one.take(a, 10);
    expect(one.expiry()).toBe(70);
    expect([one.left(b, 10), one.left(c, 10)]).toEqual([30, 30]);
    // B is being used since day 10 by now: only its unused days go, and none of C.
    one.take(b, 20);
    expect(one.expiry()).toBe(50);
    expect(one.left(c, 20)).toBe(30);
  });

  it('come back as many as were left when they were taken', () => {
    const one = book();
    const a = one.give(0, 30);
    one.take(a, 10);
    expect([one.expiry(), isTaken(one.grants, a)]).toEqual([10, true]);
    one.giveBack(a, 25);
    expect([one.expiry(), isTaken(one.grants, a)]).toEqual([45, false]);
    one.take(a, 40);
    expect(one.expiry()).toBe(40);
    one.giveBack(a, 40);
    expect(one.expiry()).toBe(45);
  });

  it('do not come back after staff ended the term', () => {
    const one = book();
    const a = one.give(0, 30);
    one.take(a, 10);
    one.revoke(12);
    expect(withheldOf(one.grants, a)).toBe(0);
    const b = one.give(20, 10);
    expect(one.left(b, 20)).toBe(10);
  });

  it('are nobody else’s, whatever is bought, taken and given back in whatever order', () => {
    const step = fc.record({
      wait: fc.integer({ min: 0, max: 20 }),
      what: fc.constantFrom('give', 'take', 'giveBack'),
      which: fc.nat(5),
      days: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 15 }), (steps) => {
        const one = book();
        const owners: number[] = [];
        let now = 0;
        for (const { wait, what, which, days } of steps) {
          now += wait;
          const owner = owners[which];
          const others = owners.filter((other) => other !== owner);
          const before = others.map((other) => one.left(other, now));
          if (what === 'give') owners.push(one.give(now, days));
          else if (owner === undefined) continue;
          else if (what === 'take') one.take(owner, now);
          else one.giveBack(owner, now);
          expect(others.map((other) => one.left(other, now))).toEqual(before);
          // The expiry is exactly what all of them have left.
          const left = owners.reduce((sum, each) => sum + one.left(each, now), 0);
          expect(Math.max(one.expiry(), now)).toBe(now + left);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
