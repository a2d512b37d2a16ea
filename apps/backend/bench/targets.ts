/** What is promised, in one table. Speed is only ever promised as a ratio to a ceiling in turns. */
export type Target = Readonly<{
  what: string;
  unit: string;
  /** The compared number must be at least (`>=`) or at most (`<=`) the bound. */
  bound: readonly ['>=' | '<=', number];
}>;

export const TARGETS = {
  notice: {
    what: 'notice to durable acknowledgement over HTTP, 64 connections',
    unit: 'notices/s',
    bound: ['>=', 1],
  },
  settle: {
    what: 'waiting notices judged and settled',
    unit: 'payments/s',
    bound: ['>=', 0.5],
  },
  update: {
    what: 'a tap in Telegram, handled and answered',
    unit: 'CPU us/update',
    bound: ['<=', 1.3],
  },
  /** Nothing waits together, so nothing is shared: what one alone may cost, no promise of speed. */
  updateAlone: {
    what: 'the same, one after another',
    unit: 'CPU us/update',
    bound: ['<=', 3],
  },
  read: {
    what: 'GET /api/v1/me/subscriptions, signed in',
    unit: 'CPU us/request',
    bound: ['<=', 1.5],
  },
  readAlone: {
    what: 'the same, one after another',
    unit: 'CPU us/request',
    bound: ['<=', 2],
  },
  gateway: {
    what: 'a request passed on by the gateway',
    unit: 'CPU us/request',
    bound: ['<=', 3],
  },
  /** For comparison: that nginx does a third of the work. No promise. */
  gatewayBare: {
    what: 'the same, against nginx that only passes on',
    unit: 'CPU us/request',
    bound: ['<=', 4],
  },
  gatewayRate: {
    what: 'requests passed on a second, decisions known',
    unit: 'requests/s',
    bound: ['>=', 0.6],
  },
  token: {
    what: 'a token verified that was not seen before',
    unit: 'tokens/s',
    bound: ['>=', 0.8],
  },
  refresh: {
    what: 'sessions renewed, per core of the machine',
    unit: 'a second',
    bound: ['>=', 120],
  },
  login: {
    what: 'password accepted, over HTTP, with its entry in the audit log',
    unit: 'logins/s',
    bound: ['>=', 0.8],
  },
  firstStart: { what: 'first start, packages installed', unit: 's', bound: ['<=', 120] },
  warmStart: { what: 'warm start', unit: 's', bound: ['<=', 10] },
  memory: { what: 'memory of a role at rest', unit: 'MB', bound: ['<=', 150] },
} as const satisfies Record<string, Target>;

export function isMet({ bound: [sign, value] }: Target, measured: number): boolean {
  return sign === '>=' ? measured >= value : measured <= value;
}
