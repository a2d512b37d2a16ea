/**
 * Brakes on guessing (security A6, C2). A try is counted before it is looked at, in one conditional
 * statement per key, so a hundred tries at once are no quicker than one after the other. A key that
 * is not free yet refuses without being counted. Strangers brake strangers: who comes with the mark
 * of a known device is counted by that device alone, so nobody can lock an owner out from outside.
 */
import type { Tx } from '../../platform/db/index.ts';
import { networkOf } from '../../platform/network/index.ts';
import { TooManyTries } from './errors.ts';
import { countTry, forgetTries, giveTryBack, takeFromWindow } from './repository-throttle.ts';
import { hashOf } from './one-time.ts';

/** After `free` tries each wait is twice the one before, from a second to a quarter of an hour. */
export type Brake = Readonly<{ key: string; free: number; most: number }>;

const FIRST_WAIT_S = 1;
const LONGEST_WAIT_S = 15 * 60;
/** Tries in a row before a brake begins to act. */
const FREE = { pair: 5, account: 10, address: 20, device: 5 };
/** In a row against one account: then only a known device or the server's shell opens it. */
const ACCOUNT_MOST = 100;
const NEVER = 2_147_483_647;

/** Windows: so many in an hour, whatever succeeds in between. */
export const WINDOW_MS = 3_600_000;
export const FACTOR_TRIES_PER_HOUR = 20;
const MAILS_PER_HOUR = { mailbox: 5, address: 20 };
const MAIL_CODES_PER_HOUR = 20;
const CODES_PER_HOUR = 20;
const TELEGRAM_CODES_PER_HOUR = 60;

/** What a password try is counted by. `device`: its mark was good for this very account. */
export function passwordBrakes(by: {
  account: string;
  address: string;
  device: string | undefined;
}): readonly Brake[] {
  if (by.device !== undefined) {
    return [{ key: `device:${by.device}`, free: FREE.device, most: ACCOUNT_MOST }];
  }
  // In one order everywhere: two tries never wait for each other in a circle.
  return [
    { key: `account:${hashOf(by.account)}`, free: FREE.account, most: ACCOUNT_MOST },
    { key: `address:${networkOf(by.address)}`, free: FREE.address, most: NEVER },
    {
      key: `pair:${hashOf(`${by.account} ${networkOf(by.address)}`)}`,
      free: FREE.pair,
      most: NEVER,
    },
  ];
}

/** Counts one try by each brake, or throws `TooManyTries` and counts nothing (roll back). */
export async function brake(tx: Tx, brakes: readonly Brake[], at: Date): Promise<void> {
  for (const { key, free, most } of brakes) {
    const waits = { firstS: FIRST_WAIT_S, longestS: LONGEST_WAIT_S };
    const freeAt = await countTry(tx, { key, free, most, ...waits }, at);
    if (freeAt !== undefined) throw tooMany(freeAt, at);
  }
}

/** A good password: nobody was guessing. The address keeps its count but for this try. */
export async function release(tx: Tx, brakes: readonly Brake[]): Promise<void> {
  for (const { key } of brakes) {
    if (key.startsWith('address:')) await giveTryBack(tx, key);
    else await forgetTries(tx, key);
  }
}

/** The owner's way back in: everything counted against the account is forgotten. */
export async function forgive(tx: Tx, account: string): Promise<void> {
  await forgetTries(tx, `account:${hashOf(account)}`);
}

export type Window = Readonly<{ key: string; most: number }>;

export const windows = {
  factor: (personId: string): Window => ({
    key: `factor:${personId}`,
    most: FACTOR_TRIES_PER_HOUR,
  }),
  mailTo: (account: string): Window => ({
    key: `mail-to:${hashOf(account)}`,
    most: MAILS_PER_HOUR.mailbox,
  }),
  mailFrom: (address: string): Window => ({
    key: `mail-from:${networkOf(address)}`,
    most: MAILS_PER_HOUR.address,
  }),
  mailCode: (account: string): Window => ({
    key: `mail-code:${hashOf(account)}`,
    most: MAIL_CODES_PER_HOUR,
  }),
  /** Codes of owners and invitations, which have no account yet. */
  codeFrom: (address: string): Window => ({
    key: `code-from:${networkOf(address)}`,
    most: CODES_PER_HOUR,
  }),
  /** Codes of Telegram, each of which we ask Telegram about; right ones are given back. */
  telegramFrom: (address: string): Window => ({
    key: `telegram-from:${networkOf(address)}`,
    most: TELEGRAM_CODES_PER_HOUR,
  }),
};

/** Takes one of the hour's tries, or throws `TooManyTries`. */
export async function take(tx: Tx, window: Window, at: Date): Promise<void> {
  const freeAt = await takeFromWindow(tx, window, { at, lengthMs: WINDOW_MS });
  if (freeAt !== undefined) throw tooMany(freeAt, at);
}

/** A right answer was no guess. */
export async function giveBack(tx: Tx, window: Window): Promise<void> {
  await giveTryBack(tx, window.key);
}

function tooMany(freeAt: Date, at: Date): TooManyTries {
  const retryAfterMs = Math.max(1_000, freeAt.getTime() - at.getTime());
  return new TooManyTries('too many tries', { retryAfterMs });
}
