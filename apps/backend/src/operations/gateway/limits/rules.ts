import type { NamedEndpoint } from '@opora/contracts';
import type { Who } from '../authorization/index.ts';

/** So many in a minute, counted by a person, or by the network of whoever is not signed in. */
export type LimitRule = Readonly<{ name: string; most: number; isStrict?: true }>;

/** The one readable table of limits (requirement A4, resilience 10). Webhooks are not in it. */
export const RULES = {
  /** What changes something. */
  commands: { name: 'commands', most: 30 },
  staffCommands: { name: 'staff-commands', most: 100 },
  reads: { name: 'reads', most: 300 },
  staffReads: { name: 'staff-reads', most: 600 },
  /** Passwords, codes and links, whoever tries them. The auth service brakes each account as well. */
  signIn: { name: 'sign-in', most: 30, isStrict: true },
  /** Everybody's reads: one address may be a whole village behind its operator. */
  open: { name: 'open', most: 300 },
} as const satisfies Record<string, LimitRule>;

export const WINDOW_MS = 60_000;
export const WINDOW_S = WINDOW_MS / 1000;

/** Refused webhooks and other bad signs from one network in a minute, and what they cost. */
export const UNPROVED_MOST = 1_000;
export const STRIKES_MOST = 100;
export const BLOCKED_MS = 10 * 60_000;

/** Renewing and leaving guess nothing: their token names its session. */
const NO_GUESS = new Set(['/auth/refresh', '/auth/leave']);

export function ruleFor(
  asked: { method: string; path: string },
  named: NamedEndpoint | undefined,
  who: Who | undefined,
): LimitRule {
  const reads = asked.method === 'GET' || asked.method === 'HEAD';
  if (named === undefined || who === undefined) {
    const guesses = !reads && asked.path.startsWith('/auth/') && !NO_GUESS.has(asked.path);
    return guesses ? RULES.signIn : RULES.open;
  }
  if (who.isStaff) return reads ? RULES.staffReads : RULES.staffCommands;
  return reads ? RULES.reads : RULES.commands;
}
