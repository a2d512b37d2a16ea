import { describe, expect, it } from 'vitest';
import { VENDOR_NAMES } from '../vendors.ts';
import { BEHAVIOURS, existsAt } from './behaviours.ts';
import { faultsOf, KILLED_ROLES, makePlan, paymentsOf, type DrillOptions } from './plan.ts';

const options = (change: Partial<DrillOptions> = {}): DrillOptions => ({
  payments: 24,
  kills: 4,
  seed: 1,
  providers: VENDOR_NAMES,
  short: true,
  planted: undefined,
  ...change,
});

describe('the plan of a drill', () => {
  it('is the same for the same seed and another for another', () => {
    const [one, again, other] = [1, 1, 2].map((seed) => makePlan(options({ seed })));
    expect(again?.people).toEqual(one?.people);
    expect(again?.kills).toEqual(one?.kills);
    expect(other?.people).not.toEqual(one?.people);
  });

  it('makes exactly the payments it was asked for, through every vendor, even with a few', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { people } = makePlan(options({ seed }));
      expect(people.reduce((sum, person) => sum + paymentsOf(person), 0)).toBe(24);
      expect(new Set(people.map(({ provider }) => provider))).toEqual(new Set(VENDOR_NAMES));
    }
  });

  it('has every kind of person among some, and nobody who asks a vendor for what it lacks', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { people } = makePlan(options({ seed, payments: 80 }));
      expect(new Set(people.map(({ behaviour }) => behaviour))).toEqual(new Set(BEHAVIOURS));
      expect(people.filter((one) => !existsAt(one.provider, one.behaviour))).toEqual([]);
    }
  });

  it('asks only the vendors it was given, with faults of theirs and of nobody else', () => {
    const some = options({ providers: ['tkassa', 'stars'], payments: 60 });
    const asked = new Set(makePlan(some).people.map(({ provider }) => provider));
    expect(asked).toEqual(new Set(['tkassa', 'stars']));
    const targets = new Set(faultsOf(some).map(({ target }) => target));
    expect(targets).toEqual(new Set(['tkassa', 'telegram', 'remnawave']));
  });

  it('spreads people evenly, and lets notices come again', () => {
    const { people } = makePlan(options({ payments: 2_000 }));
    const per = VENDOR_NAMES.map((name) => people.filter((one) => one.provider === name).length);
    expect(Math.max(...per) - Math.min(...per)).toBeLessThanOrEqual(1);
    const resent = people.reduce((sum, { resends }) => sum + resends, 0);
    expect(resent / people.length).toBeGreaterThan(1);
  });

  it('lets somebody who buys twice choose two different terms', () => {
    for (const { terms } of makePlan(options({ payments: 300 })).people) {
      expect(terms[0] % 3).not.toBe(terms[1] % 3);
    }
  });

  it('spreads the kills over the sale and over the roles', () => {
    const { kills } = makePlan(options({ payments: 2_000, kills: 60 }));
    expect(kills).toHaveLength(60);
    for (const role of KILLED_ROLES) {
      expect(kills.filter((kill) => kill.role === role)).toHaveLength(12);
    }
    const moments = kills.map(({ afterPayment }) => afterPayment);
    expect(moments).toEqual(moments.toSorted((a, b) => a - b));
    expect(moments.at(-1)).toBeGreaterThan(1_900);
    expect(moments.at(-1)).toBeLessThan(2_000);
  });

  it('hits the api or the database even with four kills: what acknowledges can then be caught', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const roles = makePlan(options({ seed })).kills.map(({ role }) => role);
      expect(roles.some((role) => role === 'api' || role === 'postgres')).toBe(true);
    }
  });
});
