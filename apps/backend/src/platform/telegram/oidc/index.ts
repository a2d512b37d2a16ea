/**
 * "Log In With Telegram": this site as a client of OpenID Connect (security B14). The code that a browser comes
 * back with is exchanged once, with PKCE and the client's secret, and never tried again: a code is
 * used up by its first try. Who begins a sign-in keeps its state, nonce and verifier (identity does).
 */
import { createHash } from 'node:crypto';
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import type { HttpReply } from '../../http-client/index.ts';
import { ID_TOKEN_MAX, proveIdToken, type IdTokenProof } from './id-token.ts';
import { createIssuer, type IssuerDeps, type Published } from './issuer.ts';

export type TelegramOidcConfig = Readonly<{
  issuer: string;
  /** The bot's number. */
  clientId: string;
  clientSecret: Secret;
}>;

/** What a sign-in is begun with; each value is of this one. */
export type OidcRequest = Readonly<{
  redirectUri: string;
  state: string;
  nonce: string;
  /** 43 to 128 signs of chance: its hash goes with the browser, it itself with the code. */
  verifier: string;
}>;

export type OidcAnswer = Pick<OidcRequest, 'redirectUri' | 'nonce' | 'verifier'> &
  Readonly<{ code: string }>;

export interface TelegramOidc {
  readonly issuer: string;
  /** Where the browser goes; undefined: Telegram does not answer. */
  askingUrl(request: OidcRequest): Promise<string | undefined>;
  /** `away`: Telegram does not answer, or not to us. The code is used up all the same. */
  prove(answer: OidcAnswer): Promise<IdTokenProof | Readonly<{ outcome: 'away' }>>;
}

/** The profile has the person's number; the last one lets the bot write to them. */
const SCOPE = 'openid profile telegram:bot_access';
const TIMEOUT_MS = 5_000;
const AWAY = { outcome: 'away' } as const;

const TokenAnswer = z.looseObject({ id_token: z.string().max(ID_TOKEN_MAX) });

export function createTelegramOidc(
  deps: Omit<IssuerDeps, 'issuer'> & Readonly<{ config: TelegramOidcConfig }>,
): TelegramOidc {
  const { http, clock, log } = deps;
  const { issuer: name, clientId, clientSecret } = deps.config;
  const issuer = createIssuer({ ...deps, issuer: name });

  /** Undefined: no answer, which is no refusal. */
  async function exchange(
    { tokenUrl }: Published,
    { code, redirectUri, verifier }: OidcAnswer,
  ): Promise<HttpReply | undefined> {
    const fields = { grant_type: 'authorization_code', code, redirect_uri: redirectUri };
    try {
      return await http.call({
        ...{ method: 'POST', url: new URL(tokenUrl), timeoutMs: TIMEOUT_MS },
        headers: { authorization: basic(clientId, clientSecret) },
        body: new URLSearchParams({ ...fields, client_id: clientId, code_verifier: verifier }),
      });
    } catch (error) {
      log.warn({ err: error }, 'Telegram sign-in: a code could not be exchanged');
      return undefined;
    }
  }

  async function judge(token: string, answer: OidcAnswer, known: Published): Promise<IdTokenProof> {
    const expected = { issuer: name, clientId, nonce: answer.nonce };
    const by = ({ keys }: Published): IdTokenProof =>
      proveIdToken(token, { ...expected, keys }, clock.now());
    const proof = by(known);
    const renewed = proof.outcome === 'unknown_key' ? await issuer.renewed() : undefined;
    return renewed === undefined ? proof : by(renewed);
  }

  return {
    issuer: name,
    async askingUrl({ redirectUri, state, nonce, verifier }) {
      const known = await issuer.published();
      if (known === undefined) return undefined;
      const url = new URL(known.authorizeUrl);
      const fields = {
        ...{ response_type: 'code', client_id: clientId, redirect_uri: redirectUri, scope: SCOPE },
        ...{ state, nonce, code_challenge: s256(verifier), code_challenge_method: 'S256' },
      };
      for (const [field, value] of Object.entries(fields)) url.searchParams.set(field, value);
      return url.href;
    },
    async prove(answer) {
      const known = await issuer.published();
      const reply = known === undefined ? undefined : await exchange(known, answer);
      if (known === undefined || reply === undefined) return AWAY;
      const { status, json } = reply;
      const given = TokenAnswer.safeParse(json);
      if (status === 200 && given.success) {
        const proof = await judge(given.data.id_token, answer, known);
        const reason = 'reason' in proof ? proof.reason : proof.outcome;
        if (proof.outcome !== 'proved') log.warn({ reason }, 'Telegram sign-in: not believed');
        return proof;
      }
      // The code is used, old, or of another verifier; anything else is about us, not about the person.
      if (status === 400) return { outcome: 'forged', reason: 'code' };
      log.error({ status }, 'Telegram sign-in: the token endpoint refused; the secret of the bot?');
      return AWAY;
    },
  };
}

const s256 = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** `client_secret_basic`: both halves form-encoded first (RFC 6749 2.3.1). */
function basic(clientId: string, secret: Secret): string {
  const [id, word] = [clientId, secret.reveal()].map((text) =>
    new URLSearchParams({ v: text }).toString().slice('v='.length),
  );
  return `Basic ${Buffer.from(`${id ?? ''}:${word ?? ''}`).toString('base64')}`;
}
