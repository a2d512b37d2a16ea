/** The ways in that come from Telegram: the bot's link, and Telegram's own word. */
import { assert } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { proveInitData, proveLogin, type TelegramProof } from '../../platform/telegram/index.ts';
import type { SignInDeps } from './deps.ts';
import { LoginLinkInvalid, TelegramAway, TelegramRefused, TelegramStale } from './errors.ts';
import type { From } from './from.ts';
import { hashOf } from './one-time.ts';
import { cleanName, languageOf, type TelegramUser } from './person.ts';
import {
  readUsedLink,
  revokeSession,
  setLinkSession,
  useLoginLink,
} from './repository-sessions.ts';
import { insertTelegramProof } from './repository-ways.ts';
import { insertTelegram, touchTelegram } from './repository.ts';
import type { SignedIn } from './sessions.ts';
import { admitCustomer } from './steps.ts';
import { proveCode, type TelegramCode, type TelegramPlace } from './telegram-code.ts';

/** Longer than the gateway waits for an answer that will not come. */
const AGAIN_WITHIN_MS = 10_000;

/** Throws `LoginLinkInvalid` for a used, old or invented link, `PersonBanned`. */
export async function linkStep(deps: SignInDeps, link: string, from: From): Promise<SignedIn> {
  const at = deps.clock.now();
  const hash = hashOf(link);
  return deps.db.transaction(async (tx) => {
    const personId =
      (await useLoginLink(tx, hash, at)) ??
      (from.isAgain === true ? await takeBack(tx, hash, at) : undefined);
    if (personId === undefined) throw new LoginLinkInvalid('login link is used, old or invented');
    const opened = await admitCustomer(tx, deps, { personId, way: 'link', from, at });
    await setLinkSession(tx, hash, opened.view.sessionId);
    return opened;
  });
}

/**
 * The first try of this very press opened a session nobody was told of: it ends, and the link counts
 * once more. Only our gateway says that a try is the second one, and only within seconds.
 */
async function takeBack(tx: Tx, hash: string, at: Date): Promise<string | undefined> {
  const used = await readUsedLink(tx, hash, new Date(at.getTime() - AGAIN_WITHIN_MS));
  if (used === undefined) return undefined;
  await revokeSession(tx, used.sessionId, { reason: 'its answer was lost', at });
  return used.personId;
}

/**
 * What Telegram said: the text a Mini App was opened with, the fields its widget came back with, or a
 * code to ask Telegram about.
 */
export type TelegramWord =
  | Readonly<{ initData: string }>
  | Readonly<{ fields: Readonly<Record<string, string>> }>
  | TelegramCode;

/**
 * Telegram's own word: the same person as in the bot, made when the bot does not know them yet. Throws
 * `TelegramRefused`, `TelegramStale`, `TelegramAway`, `TelegramUnreachable`, `TooManyTries`, `PersonBanned`.
 */
export async function telegramStep(
  deps: SignInDeps,
  word: TelegramWord,
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  const proof = await provedTelegram(deps, word, { place: 'sign-in', from, at });
  return deps.db.transaction(async (tx) => {
    await useTelegramProof(tx, proof);
    const personId = await personBehind(tx, deps, proof.user, at);
    return admitCustomer(tx, deps, { personId, way: 'telegram', from, at });
  });
}

type Proved = Extract<TelegramProof, Readonly<{ outcome: 'proved' }>>;

/**
 * Throws `TelegramRefused`, `TelegramStale`, `TelegramAway`, `TelegramUnreachable`, `TooManyTries`. A code is
 * asked about over the network, so never in a transaction.
 */
export async function provedTelegram(
  deps: SignInDeps,
  word: TelegramWord,
  about: { place: TelegramPlace; from: From; at: Date },
): Promise<Proved> {
  const proof =
    'code' in word ? await proveCode(deps, word, about) : proveSaid(deps, word, about.at);
  if (proof.outcome === 'stale') throw new TelegramStale('older than ten minutes, or of tomorrow');
  if (proof.outcome !== 'proved') throw new TelegramRefused('not signed for this bot');
  return proof;
}

function proveSaid(
  { telegram }: SignInDeps,
  word: Exclude<TelegramWord, TelegramCode>,
  at: Date,
): TelegramProof {
  if (telegram === undefined) throw new TelegramAway('no TELEGRAM_BOT_TOKEN is set');
  return 'initData' in word
    ? proveInitData(word.initData, telegram, at)
    : proveLogin(word.fields, telegram, at);
}

/** One word opens one door. Throws `TelegramRefused`. */
export async function useTelegramProof(tx: Tx, { id, until }: Proved): Promise<void> {
  if (!(await insertTelegramProof(tx, id, until))) throw new TelegramRefused('used before');
}

async function personBehind(
  tx: Tx,
  deps: SignInDeps,
  user: TelegramUser,
  at: Date,
): Promise<string> {
  const known = { subject: user.id.toString(), name: cleanName(user.firstName) };
  const found = (await touchTelegram(tx, [known])).get(known.subject);
  if (found !== undefined) return found.id;
  const { username, languageCode } = user;
  const made = await insertTelegram(tx, {
    ...{ ...known, personId: deps.ids.next('per'), username, at },
    language: languageOf(languageCode),
  });
  if (made !== undefined) return made.id;
  // Lost the race: the bot met them meanwhile, and has committed.
  const winner = (await touchTelegram(tx, [known])).get(known.subject);
  assert(winner !== undefined, `telegram user ${known.subject} was neither found nor made`);
  return winner.id;
}
