import { runAuthLoss } from '../operations/drills/auth/loss.ts';
import { runAuthHang } from '../operations/drills/auth/hang.ts';
import type { HangOptions } from '../operations/drills/auth/hang-report.ts';
import { runRevocation } from '../operations/drills/auth/revocation.ts';
import { runKeys } from '../operations/drills/auth/keys.ts';
import type { KeysOptions } from '../operations/drills/auth/keys-report.ts';
import type { RevocationOptions } from '../operations/drills/auth/revocation-report.ts';
import type { DrillDeps } from '../operations/drills/auth/stage.ts';
import type { LossOptions } from '../operations/drills/auth/loss-report.ts';
import { playDrill } from './play-drill.ts';

export const help = `opora drill auth-loss [--rate N --sessions N --kills N] [--short] [--json] [--planted one-instance]

  Starts a platform of its own with two instances of auth; people read, renew and sign in at a steady
  rate while the instances are killed in turn. Exit 0: nobody saw it.

  --rate N      calls a second (default 500, with --short 60)
  --sessions N  people who are signed in (default 1000, with --short 60)
  --kills N     SIGKILLs of alternating instances (default 20, with --short 2)
  --planted one-instance   one instance only: its loss must be seen, and the drill must fail

opora drill auth-hang [--rate N --sessions N --stops N] [--short] [--json] [--planted one-instance]

  The same people while an instance is stopped (SIGSTOP) again and again, then with one that fails
  three calls in ten, then with one that drags by 800 ms, its check green all the while. Exit 0: it
  was taken out within 2 s (5 s for the last two), and at most one call in a thousand failed.

  --stops N     SIGSTOPs of alternating instances (default 10, with --short 2)

opora drill revocation [--sessions N --tries N] [--short] [--json]

  People leave; from then on what was theirs opens nothing: within a second while all is well, within
  ten while the gateway does not hear of ends, and never while auth is away.

  --sessions N  sessions that are ended (default 200, with --short 40)
  --tries N     tries with ended sessions while auth is away (default 10000, with --short 1000)

opora drill keys [--rate N --sessions N --rotations N] [--short] [--json] [--planted at-once]

  The same people while both sets of keys are rotated. Exit 0: nobody saw it.

  --rotations N       one after the other (default 2, with --short 1)
  --planted at-once   new keys are used before everybody knows them: the drill must fail`;

export const AUTH_DRILLS = ['auth-loss', 'auth-hang', 'revocation', 'keys'] as const;
export type AuthDrill = (typeof AUTH_DRILLS)[number];

const NUMBER_MAX = 100_000;
/**
 * Two take turns. One that has been killed often is back after 15 s, and one that dies within 30 s of
 * that is taken for a child that cannot run (`restart-policy.ts`), which is another drill's matter.
 */
const LONG: LossOptions = { rate: 500, sessions: 1_000, kills: 20, everyMs: 25_000, instances: 2 };
export const SHORT: LossOptions = {
  rate: 60,
  sessions: 60,
  kills: 2,
  everyMs: 6_000,
  instances: 2,
};

export const SHORT_HANG: HangOptions = { rate: 60, sessions: 60, stops: 2, instances: 2 };
export const SHORT_REVOCATION: RevocationOptions = { sessions: 40, cutSessions: 4, tries: 1_000 };
export const SHORT_KEYS: KeysOptions = { rate: 40, sessions: 40, rotations: 1, atOnce: false };
const LONG_KEYS: KeysOptions = { rate: 200, sessions: 400, rotations: 2, atOnce: false };
const LONG_REVOCATION: RevocationOptions = { sessions: 200, cutSessions: 20, tries: 10_000 };
const LONG_HANG: HangOptions = { rate: 200, sessions: 400, stops: 10, instances: 2 };

export const run = (name: AuthDrill, args: readonly string[]): Promise<number> =>
  playDrill<Options, Verdict>(args, {
    help,
    read: (words) => readOptions(words, name),
    play: DRILLS[name],
  });

type Options = LossOptions & HangOptions & RevocationOptions & KeysOptions;

type Verdict = Readonly<{ verdict: 'passed' | 'failed' }>;

const DRILLS = {
  'auth-loss': runAuthLoss,
  'auth-hang': runAuthHang,
  revocation: runRevocation,
  keys: runKeys,
} as const satisfies Record<AuthDrill, (options: Options, deps: DrillDeps) => Promise<Verdict>>;

function readOptions(args: readonly string[], name: AuthDrill): Options | undefined {
  const isShort = args.includes('--short');
  const all = isShort
    ? { loss: SHORT, hang: SHORT_HANG, revocation: SHORT_REVOCATION, keys: SHORT_KEYS }
    : { loss: LONG, hang: LONG_HANG, revocation: LONG_REVOCATION, keys: LONG_KEYS };
  const { loss, hang, revocation, keys } = all;
  const own = { 'auth-loss': loss, 'auth-hang': hang, revocation, keys }[name];
  let options: Options = { ...loss, ...hang, ...revocation, ...keys, ...own };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const key = /^--(rate|sessions|kills|stops|tries|rotations)$/.exec(arg)?.[1];
    if (key !== undefined) {
      const value = Number(args[(at += 1)] ?? '');
      if (!Number.isInteger(value) || value < 1 || value > NUMBER_MAX) return undefined;
      options = { ...options, [key]: value };
    } else if (arg === '--planted') {
      const fault = args[(at += 1)];
      if (fault === 'one-instance') options = { ...options, instances: 1 };
      else if (fault === 'at-once') options = { ...options, atOnce: true };
      else return undefined;
    } else if (!['--short', '--json', '--keep'].includes(arg)) return undefined;
  }
  return options;
}
