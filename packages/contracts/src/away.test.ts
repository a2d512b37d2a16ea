import { describe, expect, it } from 'vitest';
import { awayPage } from './away-page.ts';
import { awayClassOf } from './away.ts';
import {
  endpoints,
  isAllowedAt,
  isOfMonitor,
  isStaffPermission,
  KEY_SCOPES,
  keyScopeOf,
  needsNoSession,
  STEP_UP_PERMISSIONS,
} from './index.ts';

/** What the gateway judges; the monitor's own judge has tests of its own. */
const guarded = endpoints().filter(
  ({ endpoint }) => !needsNoSession(endpoint.permission) && !isOfMonitor(endpoint),
);
const allowedAt = (level: 2 | 3 | 4, mayWrite = true): string[] =>
  guarded.filter((named) => isAllowedAt(level, named, mayWrite)).map(({ id }) => id);

describe('what stays possible while auth is away (A5)', () => {
  it('each level only takes away', () => {
    for (const [wide, narrow] of [
      [2, 3],
      [3, 4],
    ] as const) {
      const more = new Set(allowedAt(wide));
      expect(allowedAt(narrow).filter((id) => !more.has(id))).toEqual([]);
    }
  });

  it('no act that moves money or rights passes any of them, nor a list that leaves the house', () => {
    const moving = guarded.filter(({ endpoint }) =>
      /refund|grant|revoke|extend|ban|end|write|exports/.test(endpoint.permission),
    );
    expect(moving.length).toBeGreaterThan(15);
    for (const level of [2, 3, 4] as const) {
      expect(moving.filter((named) => isAllowedAt(level, named)).map(({ id }) => id)).toEqual([]);
    }
  });

  it('level 3 gives nobody the data of others, and old knowledge nobody a write', () => {
    const staff = guarded.filter(({ endpoint }) => isStaffPermission(endpoint.permission));
    const left = staff.filter((named) => isAllowedAt(3, named)).map(({ endpoint }) => endpoint);
    expect(new Set(left.map(({ permission }) => permission))).toEqual(
      new Set(['today:read', 'plans:read']),
    );
    const reads = new Set(
      guarded.filter(({ endpoint }) => endpoint.method === 'GET').map(({ id }) => id),
    );
    expect(allowedAt(3, false).filter((id) => !reads.has(id))).toEqual([]);
  });

  it('an own change that nobody thought about is sensitive', () => {
    const named = guarded.find(({ id }) => id === 'me.setLanguage');
    if (named === undefined) throw new Error('no such endpoint');
    expect(awayClassOf({ ...named, id: 'me.new' })).toBe('sensitive');
    expect(awayClassOf(named)).toBe('ownCalmWrite');
  });

  it('is what the reference page says', async () => {
    await expect(awayPage()).toMatchFileSnapshot('../../../docs/reference/away.md');
  });

  it('level 4 leaves the own subscriptions', () => {
    expect(allowedAt(4)).toEqual(['me.subscriptions']);
  });
});

describe('what an API key may call (I9)', () => {
  const open = endpoints().filter(({ endpoint }) => keyScopeOf(endpoint) !== undefined);

  it('each scope opens something, and nothing opens without one', () => {
    const opened = new Set(open.map(({ endpoint }) => keyScopeOf(endpoint)));
    expect([...opened].toSorted()).toEqual([...KEY_SCOPES].toSorted());
    for (const { endpoint } of open) expect(keyScopeOf(endpoint)).toBe(endpoint.permission);
  });

  it('nothing sensitive, nothing of the sign-in, of a customer only reads', () => {
    expect(open.filter((named) => awayClassOf(named) === 'sensitive')).toEqual([]);
    expect(open.filter(({ endpoint }) => endpoint.path.startsWith('/auth'))).toEqual([]);
    const own = open.filter(({ endpoint }) => endpoint.permission === 'session');
    expect(new Set(own.map(({ endpoint }) => endpoint.method))).toEqual(new Set(['GET']));
    const scopes: readonly string[] = KEY_SCOPES;
    expect([...STEP_UP_PERMISSIONS].filter((right) => scopes.includes(right))).toEqual([]);
  });
});
