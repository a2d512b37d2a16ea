/**
 * What must be possible without auth, row by row: written down here once more, by hand, from the
 * specification (resilience 9), so that the gateway's own table is judged by another one. Pure.
 */

/** How things stand: `fresh` and `cold` in the first minute without auth, the others long after. */
export const STATES = ['well', 'fresh', 'cold', 'stale', 'emergency', 'clock'] as const;
export type State = (typeof STATES)[number];

export const ROLES = ['customer', 'support', 'owner'] as const;
export type Role = (typeof ROLES)[number];

/** `cut`: the session lives on, but what was issued to its person until now does not count. */
export const REVOCATIONS = ['none', 'session', 'person', 'cut'] as const;
export type Revocation = (typeof REVOCATIONS)[number];

/** `spent`: past `exp`, within `deg_exp`; `old`: past both, of today; `ancient`: of yesterday. */
export const TOKENS = [
  ...['valid', 'spent', 'old', 'ancient', 'long-lived'],
  ...['wrong-key', 'unknown-key', 'other-audience', 'tampered'],
] as const;
export type Token = string;

export type Operation = Readonly<{
  name: string;
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  path: string;
  body?: object;
  roles: readonly Role[];
  /** Levels that leave it; `3 lately`: while less than a minute is not known. */
  levels: readonly (1 | 2 | 3 | 4 | '3 lately')[];
}>;

const STAFF: readonly Role[] = ['support', 'owner'];
const NO_SESSION = `ses_${'0'.repeat(26)}`;
const own = '/api/v1/me';
const admin = '/api/v1/admin';

export const OPERATIONS: readonly Operation[] = [
  ...[
    { name: 'subscriptions', path: `${own}/subscriptions`, levels: [1, 2, 3, 4] as const },
    { name: 'payments', path: `${own}/payments`, levels: [1, 2, 3] as const },
  ].map((one) => ({ ...one, method: 'GET' as const, roles: ROLES })),
  ...[
    { name: 'today', path: `${admin}/today`, levels: [1, 2, 3] as const },
    { name: 'people', path: `${admin}/people`, levels: [1, 2] as const },
  ].map((one) => ({ ...one, method: 'GET' as const, roles: STAFF })),
  {
    ...{ name: 'language', method: 'PUT', path: `${own}/language`, body: { language: 'en' } },
    ...{ roles: ROLES, levels: [1, 2, '3 lately'] },
  },
  {
    ...{ name: 'end a session', method: 'DELETE', path: `${own}/sessions/${NO_SESSION}` },
    ...{ roles: ROLES, levels: [1, 2] },
  },
  {
    ...{ name: 'try again', method: 'POST', path: `${admin}/acts/deliveries.retry/preview` },
    ...{ body: {}, roles: STAFF, levels: [1, 2] },
  },
  {
    ...{ name: 'refund', method: 'POST', path: `${admin}/acts/payments.refund/preview` },
    ...{ body: {}, roles: ['owner'], levels: [1] },
  },
  {
    ...{ name: 'export', method: 'GET', path: `${admin}/exports/payments.csv` },
    ...{ roles: ['owner'], levels: [1] },
  },
];

export type Row = Readonly<{
  state: State;
  role: Role;
  operation: Operation;
  token: Token;
  revocation: Revocation;
}>;

/** What is allowed, and every `every`-th row of the rest, in the order of the states. */
export function rowsOf(every: number): Row[] {
  const all = STATES.flatMap((state) =>
    ROLES.flatMap((role) =>
      OPERATIONS.flatMap((operation) =>
        TOKENS.flatMap((token) =>
          REVOCATIONS.map((revocation) => ({ state, role, operation, token, revocation })),
        ),
      ),
    ),
  );
  return all.filter((row, at) => at % every === 0 || isAllowed(row));
}

/** May the call come through? */
export function isAllowed({ state, role, operation, token, revocation }: Row): boolean {
  if (revocation !== 'none' || !operation.roles.includes(role)) return false;
  const level = levelOf(state, token);
  if (level === undefined) return false;
  const isLately = state === 'fresh' || state === 'cold';
  // A right of staff was never granted to whom nobody decided about.
  if (state === 'cold' && !operation.roles.includes('customer')) return false;
  if (level === 3 && isLately && operation.levels.includes('3 lately')) return true;
  return operation.levels.includes(level);
}

function levelOf(state: State, token: Token): 1 | 2 | 3 | 4 | undefined {
  const isSpent = token === 'spent';
  if (token !== 'valid' && !isSpent && token !== 'old') return undefined;
  switch (state) {
    case 'well':
      return token === 'valid' ? 1 : undefined;
    case 'fresh':
      return token === 'valid' ? 2 : isSpent ? 3 : undefined;
    case 'cold':
    case 'stale':
      return token === 'old' ? undefined : 3;
    default:
      return 4;
  }
}
