/**
 * What Telegram publishes about its sign-in: where to go, where to ask, and the keys of the day. It is
 * read anew after an hour, or for a key that is not known, and never more often than every half
 * minute. While Telegram is away the last good answer serves on, for a day at the most, so that
 * sign-ins under way survive. Addresses elsewhere than at the issuer's own origin are refused: the
 * client's secret goes to one of them.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '@opora/kernel';
import { z } from 'zod';
import type { HttpClient } from '../../http-client/index.ts';
import type { Log } from '../../log/index.ts';
import { KID_PATTERN } from '../../tokens/index.ts';

export const FRESH_MS = 3_600_000;
export const ASKED_EVERY_MS = 30_000;
export const KEPT_MS = 24 * 3_600_000;
/** For each of the two questions: a person waits for them. */
const TIMEOUT_MS = 2_000;
/** More than such a set ever holds. */
const KEYS_READ_MAX = 20;
const RSA_BITS_MIN = 2_048;

export type Published = Readonly<{
  authorizeUrl: string;
  tokenUrl: string;
  /** RSA keys by key id. */
  keys: ReadonlyMap<string, KeyObject>;
}>;

export interface Issuer {
  /** Undefined: nothing is known, and Telegram does not answer. */
  published(): Promise<Published | undefined>;
  /** After a token named a key that is not there; asks again when that was not done just now. */
  renewed(): Promise<Published | undefined>;
}

export type IssuerDeps = Readonly<{
  /** Compared exactly, e.g. `https://oauth.telegram.org`. */
  issuer: string;
  http: Pick<HttpClient, 'call'>;
  clock: Clock;
  log: Log;
}>;

const Discovery = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
const KeySet = z.looseObject({ keys: z.array(z.unknown()).min(1).max(KEYS_READ_MAX) });
/** Keys of other types stand in the same set, for sites that chose them. */
const RsaKey = z.object({
  kty: z.literal('RSA'),
  kid: z.string().regex(KID_PATTERN),
  n: z.string(),
  e: z.string(),
  alg: z.literal('RS256').optional(),
  use: z.literal('sig').optional(),
});

export function createIssuer(deps: IssuerDeps): Issuer {
  const { clock, log } = deps;
  let known: Published | undefined;
  let knownAtMs = Number.NEGATIVE_INFINITY;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let asking: Promise<void> | undefined;
  const ageMs = (): number => clock.monotonicMs() - knownAtMs;
  const lastGood = (): Published | undefined => (ageMs() <= KEPT_MS ? known : undefined);

  async function read(): Promise<void> {
    const startedMs = clock.monotonicMs();
    try {
      known = await readPublished(deps);
      knownAtMs = startedMs;
    } catch (error) {
      log.warn({ err: error, isKnown: lastGood() !== undefined }, 'Telegram sign-in: no new keys');
    }
  }

  /** Everybody who waits, waits for one question. */
  async function ask(): Promise<void> {
    if (asking === undefined && clock.monotonicMs() - askedAtMs >= ASKED_EVERY_MS) {
      askedAtMs = clock.monotonicMs();
      asking = read().finally(() => {
        asking = undefined;
      });
    }
    await asking;
  }

  return {
    async published() {
      if (ageMs() >= FRESH_MS) await ask();
      return lastGood();
    },
    async renewed() {
      await ask();
      return lastGood();
    },
  };
}

async function readPublished(deps: IssuerDeps): Promise<Published> {
  const home = `${deps.issuer}/.well-known/openid-configuration`;
  const said = Discovery.parse(await readJson(deps, home));
  const { issuer, authorization_endpoint: authorizeUrl, token_endpoint: tokenUrl } = said;
  const { origin } = new URL(deps.issuer);
  const isOwn = [authorizeUrl, tokenUrl, said.jwks_uri].every(
    (url) => new URL(url).origin === origin,
  );
  if (issuer !== deps.issuer || !isOwn) throw new Error('the discovery names somebody else');
  const { keys } = KeySet.parse(await readJson(deps, said.jwks_uri));
  return { authorizeUrl, tokenUrl, keys: new Map(keys.flatMap(rsaKeyOf)) };
}

function rsaKeyOf(jwk: unknown): [string, KeyObject][] {
  const read = RsaKey.safeParse(jwk);
  if (!read.success) return [];
  const { kid, n, e } = read.data;
  const key = createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < RSA_BITS_MIN ? [] : [[kid, key]];
}

async function readJson({ http }: IssuerDeps, url: string): Promise<unknown> {
  const { status, json } = await http.call({
    ...{ method: 'GET', url: new URL(url), timeoutMs: TIMEOUT_MS },
  });
  if (status !== 200) throw new Error(`${new URL(url).pathname} answered ${String(status)}`);
  return json;
}
