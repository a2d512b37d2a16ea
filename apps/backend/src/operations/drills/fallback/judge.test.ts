import { describe, expect, it } from 'vitest';
import { judgeFallback, type Tried } from './judge.ts';
import { isAllowed, ROLES, rowsOf, type State } from './truth.ts';

const options = { every: 1, isKeyLeaked: false };
const rows = rowsOf(1);
const perfect: Tried[] = rows.map((row) => ({
  ...{ row, code: undefined },
  status: isAllowed(row) ? 200 : 401,
}));
const facts = { options, tried: perfect, backMs: 4_000, untold: 0 };

describe('the judge of the levels', () => {
  it('lets a gateway pass that follows the table', () => {
    expect(judgeFallback(facts)).toMatchObject({ verdict: 'passed', violations: [] });
    expect(rows.length).toBeGreaterThanOrEqual(2_000);
  });

  it('sees one grant too many, one read too few, a late return, an untold decision', () => {
    const wrong = (allowed: boolean, status: number): Tried[] => {
      const at = rows.findIndex((row) => isAllowed(row) === allowed);
      return perfect.map((one, index) => (index === at ? { ...one, status } : one));
    };
    for (const broken of [
      { ...facts, tried: wrong(false, 200) },
      { ...facts, tried: wrong(true, 503).slice(0, 400) },
      { ...facts, backMs: 5_001 },
      { ...facts, untold: 1 },
    ]) {
      expect(judgeFallback(broken).verdict).toBe('failed');
    }
  });

  it('knows a table in which each level takes away', () => {
    const left = (state: State): Set<string> =>
      new Set(
        rows
          .filter((row) => row.state === state && isAllowed(row))
          .map(({ role, operation }) => `${role} ${operation.name}`),
      );
    const [well, fresh, cold, emergency] = [
      left('well'),
      left('fresh'),
      left('cold'),
      left('clock'),
    ];
    expect(fresh.isSubsetOf(well) && cold.isSubsetOf(fresh) && emergency.isSubsetOf(cold)).toBe(
      true,
    );
    expect(emergency).toEqual(new Set(ROLES.map((role) => `${role} subscriptions`)));
  });
});
