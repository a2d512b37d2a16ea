/**
 * Telegram's own word about who a person is: what it opens a Mini App with, and what its login on the
 * web comes back with. Both are signed texts that pass through the person's browser, so nothing in
 * them counts before the signature does (security B13). The two use different keys made of one token.
 */
import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Secret } from '@opora/kernel';

/** Every text is the person's own. */
export type ProvedUser = Readonly<{
  id: bigint;
  firstName: string;
  username: string | undefined;
  languageCode: string | undefined;
}>;

/**
 * `stale`: Telegram did say so, but too long ago, or its clock is ahead of ours. `id` is the same for
 * the same word however it was checked, and `until` is when it turns stale.
 */
export type TelegramProof =
  | Readonly<{ outcome: 'proved'; user: ProvedUser; id: string; until: Date }>
  | Readonly<{ outcome: 'forged' }>
  | Readonly<{ outcome: 'stale' }>;

export type ProofKeys = Readonly<{
  botToken: Secret;
  /** Telegram's own; absent: that of its production. */
  publicKey?: KeyObject;
}>;

/** Longest text that is looked at. */
export const INIT_DATA_MAX = 4_096;

export const OLDEST_MS = 10 * 60_000;
export const AHEAD_MS = 5 * 60_000;
const HASH = /^[0-9a-f]{64}$/;
const ID = /^[1-9]\d{0,15}$/;
/** Ed25519, as Telegram publishes it for third parties; in the DER that Node reads. */
const TELEGRAM_KEY = createPublicKey({
  key: Buffer.from(
    '302a300506032b6570032100e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d',
    'hex',
  ),
  format: 'der',
  type: 'spki',
});

type Fields = ReadonlyMap<string, string>;

/**
 * What a Mini App was opened with, as its raw text. Telegram signs it twice: with the bot's token, and
 * with a key of its own for the bot's number. The second counts too, so that people who opened the
 * app before the token was changed are let in.
 */
export function proveInitData(raw: string, keys: ProofKeys, at: Date): TelegramProof {
  const pairs = [...new URLSearchParams(raw.slice(0, INIT_DATA_MAX + 1))];
  const fields: Fields = new Map(pairs);
  // A name that stands there twice could mean one thing to Telegram and another to us.
  if (raw.length > INIT_DATA_MAX || fields.size !== pairs.length) return { outcome: 'forged' };
  const token = keys.botToken.reveal();
  const secret = createHmac('sha256', 'WebAppData').update(token).digest();
  const isOurs = isMac(secret, linesOf(fields, ['hash']), fields.get('hash'));
  if (!isOurs && !isSigned(fields, keys)) return { outcome: 'forged' };
  return judge(fields, readUser(fields.get('user')), at);
}

/** What the login on the web came back with: every field that did, as texts. */
export function proveLogin(
  given: Readonly<Record<string, string>>,
  keys: ProofKeys,
  at: Date,
): TelegramProof {
  const fields: Fields = new Map(Object.entries(given));
  const secret = createHash('sha256').update(keys.botToken.reveal()).digest();
  if (!isMac(secret, linesOf(fields, ['hash']), fields.get('hash'))) return { outcome: 'forged' };
  const [first, username] = [fields.get('first_name'), fields.get('username')];
  return judge(fields, userOf({ id: fields.get('id'), first_name: first, username }), at);
}

function judge(fields: Fields, user: ProvedUser | undefined, at: Date): TelegramProof {
  const saidAt = Number(fields.get('auth_date')) * 1000;
  if (user === undefined || !Number.isSafeInteger(saidAt)) return { outcome: 'forged' };
  const age = at.getTime() - saidAt;
  if (age > OLDEST_MS || age < -AHEAD_MS) return { outcome: 'stale' };
  // Without both signatures: either of them can be taken away from the text that the other proves.
  const said = linesOf(fields, ['hash', 'signature']);
  const id = createHash('sha256').update(said).digest('base64url');
  return { outcome: 'proved', user, id, until: new Date(saidAt + OLDEST_MS + AHEAD_MS) };
}

function isMac(secret: Buffer, text: string, hash: string | undefined): boolean {
  if (hash === undefined || !HASH.test(hash)) return false;
  const expected = createHmac('sha256', secret).update(text).digest();
  return timingSafeEqual(expected, Buffer.from(hash, 'hex'));
}

function isSigned(fields: Fields, { botToken, publicKey = TELEGRAM_KEY }: ProofKeys): boolean {
  const signature = fields.get('signature');
  if (signature === undefined) return false;
  const [bot = ''] = botToken.reveal().split(':', 1);
  const text = `${bot}:WebAppData\n${linesOf(fields, ['hash', 'signature'])}`;
  return verify(null, Buffer.from(text), publicKey, Buffer.from(signature, 'base64url'));
}

function linesOf(fields: Fields, without: readonly string[]): string {
  return [...fields]
    .filter(([name]) => !without.includes(name))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');
}

function readUser(json: string | undefined): ProvedUser | undefined {
  try {
    const user: unknown = JSON.parse(json ?? '');
    return typeof user === 'object' && user !== null ? userOf({ ...user }) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined without a number, which alone says who it is. */
export function userOf(said: Readonly<Record<string, unknown>>): ProvedUser | undefined {
  const id = String(said['id']);
  if (!ID.test(id)) return undefined;
  const text = (name: string): string | undefined =>
    typeof said[name] === 'string' ? said[name] : undefined;
  return {
    id: BigInt(id),
    firstName: text('first_name') ?? '',
    username: text('username'),
    languageCode: text('language_code'),
  };
}
