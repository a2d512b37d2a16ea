import { describe, expect, it } from 'vitest';
import { BEHAVIOURS, KILLED_ROLES, makePlan, paymentsOf, type DrillOptions } from './plan.ts';

const options = (change: Partial<DrillOptions> = {}): DrillOptions => ({
  payments: 24,
  kills: 4,
  seed: 1,
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

  it('makes exactly the payments it was asked for, with every kind of person among few', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { people } = makePlan(options({ seed }));
      expect(people.reduce((sum, person) => sum + paymentsOf(person), 0)).toBe(24);
      expect(new Set(people.map(({ behaviour }) => behaviour))).toEqual(new Set(BEHAVIOURS));
    }
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
