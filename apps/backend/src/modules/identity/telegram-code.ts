/**
 * Signing in by Telegram's OpenID Connect (security B14). Who begins gets a secret into a cookie; what
 * belongs to it (state, nonce, verifier, where to come back to) stays with us, sealed for ten minutes.
 * A code counts with the cookie of the browser that began and with its state, once: the question is used
 * up before Telegram is asked, whatever comes of it.
 */
import { z } from 'zod';
import { isEqualText } from '../../platform/equal-text/index.ts';
import type { TelegramOidc, TelegramProof } from '../../platform/telegram/index.ts';
import type { SignInDeps } from './deps.ts';
import { TelegramAway, TelegramRefused, TelegramUnreachable } from './errors.ts';
import type { From } from './from.ts';
import { hashOf, SECRET_BYTES } from './one-time.ts';
import { closeChallenge, tryChallenge } from './repository-challenges.ts';
import { challenge, pendingPlace } from './steps.ts';
import { giveBack, take, windows } from './throttle.ts';

/** How long a person may take at Telegram. */
export const TELEGRAM_ASKED_LIFE_MS = 10 * 60_000;

/** Where a browser comes back to: pages of ours, each an address that BotFather was told of. */
const PATHS = { 'sign-in': '/sign-in/telegram', account: '/cabinet/account/telegram' } as const;
export type TelegramPlace = keyof typeof PATHS;

/** What a browser came back with. */
export type TelegramCode = Readonly<{
  code: string;
  state: string;
  /** Who says so, where Telegram tells (RFC 9207). */
  iss?: string | undefined;
  /** The cookie of the browser that began, as it came. */
  begun: string | undefined;
}>;

const Asked = z.strictObject({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  place: z.enum(['sign-in', 'account']),
});
type Asked = z.infer<typeof Asked>;

/** Throws `TelegramAway`, `TelegramUnreachable`. `begun` is for a cookie of this browser alone. */
export async function askTelegramStep(
  deps: SignInDeps,
  place: TelegramPlace,
): Promise<Readonly<{ url: string; begun: string }>> {
  const secretOf = (): string => deps.ids.secret(SECRET_BYTES);
  const asked = { state: secretOf(), nonce: secretOf(), verifier: secretOf(), place };
  const url = await switchedOn(deps).askingUrl({ ...asked, redirectUri: backTo(deps, place) });
  if (url === undefined) throw new TelegramUnreachable('nothing is known of Telegram');
  const begun = secretOf();
  const secret = deps.sealing.seal(Buffer.from(JSON.stringify(asked)), pendingPlace(hashOf(begun)));
  const about = { purpose: 'telegram_oidc', secret, lifeMs: TELEGRAM_ASKED_LIFE_MS } as const;
  const at = deps.clock.now();
  await deps.db.transaction((tx) => challenge(tx, deps, { ...about, token: begun, at }));
  return { url, begun };
}

/** Throws `TelegramRefused`, `TelegramAway`, `TelegramUnreachable`, `TooManyTries`. */
export async function proveCode(
  deps: SignInDeps,
  word: TelegramCode,
  about: { place: TelegramPlace; from: From; at: Date },
): Promise<TelegramProof> {
  const { place, from, at } = about;
  const oidc = switchedOn(deps);
  const window = windows.telegramFrom(from.address);
  const asked = await useAsked(deps, word.begun ?? '', { from, at });
  if (asked === undefined) throw new TelegramRefused('not begun in this browser, or used, or old');
  if (!isEqualText(word.state, asked.state))
    throw new TelegramRefused('the state of another sign-in');
  if (asked.place !== place) throw new TelegramRefused('begun for something else');
  if ((word.iss ?? oidc.issuer) !== oidc.issuer) throw new TelegramRefused('of another issuer');
  const { nonce, verifier } = asked;
  const redirectUri = backTo(deps, place);
  const proof = await oidc.prove({ code: word.code, redirectUri, nonce, verifier });
  if (proof.outcome === 'away') throw new TelegramUnreachable('no word about the code');
  if (proof.outcome === 'unknown_key') return { outcome: 'forged' };
  if (proof.outcome === 'proved') await deps.db.transaction((tx) => giveBack(tx, window));
  return proof;
}

/** The question of this browser, used up by this try; the try stays counted. */
async function useAsked(
  deps: SignInDeps,
  begun: string,
  { from, at }: { from: From; at: Date },
): Promise<Asked | undefined> {
  const hash = hashOf(begun);
  const found = await deps.db.transaction(async (tx) => {
    await take(tx, windows.telegramFrom(from.address), at);
    const open = await tryChallenge(tx, { hash, purpose: 'telegram_oidc', most: 1, at });
    if (open !== undefined) await closeChallenge(tx, hash, at);
    return open?.secret;
  });
  if (found === undefined) return undefined;
  const text = deps.sealing.open(found, pendingPlace(hash)).toString();
  return Asked.parse(JSON.parse(text));
}

function switchedOn({ telegramOidc }: SignInDeps): TelegramOidc {
  if (telegramOidc === undefined) throw new TelegramAway('no TELEGRAM_OIDC_CLIENT_SECRET is set');
  return telegramOidc;
}

function backTo({ webUrl }: SignInDeps, place: TelegramPlace): string {
  return `${new URL(webUrl).origin}${PATHS[place]}`;
}
