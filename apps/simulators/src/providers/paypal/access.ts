import { createHash, timingSafeEqual } from 'node:crypto';
import { type Answer, json, type Request } from '../../http.ts';
import type { World } from '../../world.ts';
import { nextId, nextUuid } from './ids.ts';

/** OAuth 2 client credentials: a token of nine hours for the app's id and secret. */
export interface Access {
  /** `POST /v1/oauth2/token`. */
  token(request: Request): Answer;
  isAllowed(request: Request): boolean;
  /** All tokens given so far stop working: what a merchant sees after changing the secret. */
  revoke(): void;
}

const LIFE_SECONDS = 32_400;
const TOKENS_MAX = 1_000;

export function openAccess(world: World): Access {
  const tokens = world.store.collection<{ until: number }>('paypal.access');
  const { clientId, secret } = world.config.payments.paypal;
  const nowMs = (): number => world.clock.now().getTime();

  return {
    token(request) {
      const [, given = ''] = /^basic\s+(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
      if (!isSame(Buffer.from(given, 'base64').toString('utf8'), `${clientId}:${secret}`)) {
        return json(401, {
          error: 'invalid_client',
          error_description: 'Client Authentication failed',
        });
      }
      const grant = new URLSearchParams(String(request.body)).get('grant_type');
      if (grant !== 'client_credentials') {
        return json(400, {
          error: 'unsupported_grant_type',
          error_description: 'Unsupported grant',
        });
      }
      const [oldest] = tokens.entries();
      if (tokens.size >= TOKENS_MAX && oldest !== undefined) tokens.delete(oldest[0]);
      const token = `A21AA${nextId(world, 60)}`;
      tokens.put(token, { until: nowMs() + LIFE_SECONDS * 1_000 });
      return json(200, {
        scope: 'https://uri.paypal.com/services/payments/payment',
        access_token: token,
        token_type: 'Bearer',
        app_id: 'APP-SIMULATED',
        expires_in: LIFE_SECONDS,
        nonce: nextUuid(world),
      });
    },
    isAllowed(request) {
      const token = /^bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
      return (tokens.get(token)?.until ?? 0) > nowMs();
    },
    revoke() {
      for (const [token] of tokens.entries()) tokens.delete(token);
    },
  };
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
