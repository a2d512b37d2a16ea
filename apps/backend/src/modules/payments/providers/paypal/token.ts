/** The access token: asked for with id and secret, kept until shortly before its end. */
import type { Clock, Secret } from '@opora/kernel';
import { z } from 'zod';
import type { HttpReply } from '../../../../platform/http-client/index.ts';
import { ProviderProtocolError } from '../../errors.ts';

/** Asked for anew this long before its end, so that no call meets the end on its way. */
const MARGIN_MS = 60_000;
/** The vendor says about nine hours; longer is not believed. */
const LIFE_MAX_SECONDS = 12 * 3_600;

const tokenSchema = z.object({
  // It goes into a header: nothing but printable characters.
  access_token: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
  expires_in: z.number().positive(),
});

export interface Tokens {
  /** One request for all who wait, in the time of the first of them: the others have more. */
  current(leftMs: number): Promise<string>;
  /** The vendor did not take it: the next call asks for another one. */
  drop(token: string): void;
}

export type TokenRequest = Readonly<{
  authorization: string;
  form: URLSearchParams;
  leftMs: number;
}>;

export function createTokens(
  account: Readonly<{ clientId: string; secret: Secret }>,
  deps: Readonly<{ clock: Clock; ask: (request: TokenRequest) => Promise<HttpReply> }>,
): Tokens {
  let known: Readonly<{ token: string; untilMs: number }> | undefined;
  let asking: Promise<string> | undefined;

  async function ask(leftMs: number): Promise<string> {
    const pair = `${account.clientId}:${account.secret.reveal()}`;
    const askedMs = deps.clock.monotonicMs();
    const reply = await deps.ask({
      authorization: `Basic ${Buffer.from(pair).toString('base64')}`,
      form: new URLSearchParams({ grant_type: 'client_credentials' }),
      leftMs,
    });
    const answer = tokenSchema.safeParse(reply.status === 200 ? reply.json : undefined);
    if (!answer.success) {
      throw new ProviderProtocolError(
        `paypal: no access token (client id or secret) (${String(reply.status)})`,
        { facts: { status: reply.status } },
      );
    }
    const { access_token: token, expires_in: seconds } = answer.data;
    const lifeMs = Math.min(seconds, LIFE_MAX_SECONDS) * 1000;
    known = { token, untilMs: askedMs + lifeMs - MARGIN_MS };
    return token;
  }

  return {
    current(leftMs) {
      if (known !== undefined && known.untilMs > deps.clock.monotonicMs()) {
        return Promise.resolve(known.token);
      }
      asking ??= ask(leftMs).finally(() => {
        asking = undefined;
      });
      return asking;
    },
    drop(token) {
      if (known?.token === token) known = undefined;
    },
  };
}
