/**
 * What a check is: one thing looked at, one finding. To add one, write a file in `checks/` and name it
 * in `all-checks.ts`.
 */
export type Finding = Readonly<{
  /** `skipped`: there is nothing to look at here, and that is no fault. */
  state: 'good' | 'warning' | 'wrong' | 'skipped';
  /** One line: what was found. Never a secret. */
  says: string;
  /** What to do and where: which cabinet, which page, which button. */
  mend?: string;
  /** Where the documents say more. */
  page?: Page;
}>;

export type Check = Readonly<{
  /** The first column; a few letters. */
  name: string;
  /** May throw: then its message is the finding. It is given `CHECK_MAX_MS` and not waited for longer. */
  run(): Promise<Finding>;
}>;

export type Looked = Finding & Readonly<{ name: string; ms: number }>;

export type Report = Readonly<{
  /** The worst of the findings. */
  verdict: 'good' | 'warning' | 'wrong';
  checks: readonly Looked[];
}>;

/** Pages the findings name, heading included; a test opens each. */
export const PAGES = {
  settings: 'docs/reference/configuration.md',
  toReal: 'docs/operating/first-day.md#from-simulated-to-real',
  start: 'docs/operating/when-something-is-wrong.md#it-does-not-start',
  role: 'docs/operating/when-something-is-wrong.md#a-role-dies-or-is-given-up',
  database: 'docs/operating/when-something-is-wrong.md#the-database-is-away',
  disk: 'docs/operating/when-something-is-wrong.md#the-disk-is-full',
  telegram: 'docs/operating/when-something-is-wrong.md#telegram-is-away-or-a-message-was-not-sent',
  yookassa: 'docs/operating/when-something-is-wrong.md#yookassa-is-away',
  stripe: 'docs/operating/providers/stripe.md',
  paypal: 'docs/operating/providers/paypal.md',
  tkassa: 'docs/operating/providers/tkassa.md',
  freekassa: 'docs/operating/providers/freekassa.md',
  cryptopay: 'docs/operating/providers/cryptopay.md',
  tribute: 'docs/operating/providers/tribute.md',
  panel: 'docs/operating/when-something-is-wrong.md#the-panel-is-away',
  mail: 'docs/operating/mail.md#when-mail-does-not-go',
  redis: 'docs/concepts/staying-up.md#redis',
  doctor: 'docs/operating/when-something-is-wrong.md#ask-the-doctor',
} as const;
export type Page = (typeof PAGES)[keyof typeof PAGES];

type More = Readonly<{ mend: string; page: Page }>;

export const good = (says: string): Finding => ({ state: 'good', says });
export const skipped = (says: string): Finding => ({ state: 'skipped', says });
export const warning = (says: string, more: More): Finding => ({ state: 'warning', says, ...more });
export const wrong = (says: string, more: More): Finding => ({ state: 'wrong', says, ...more });
