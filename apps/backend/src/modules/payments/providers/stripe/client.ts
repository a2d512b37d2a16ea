/**
 * HTTP to api.stripe.com: form bodies, the idempotency key of every POST, a pinned version, and the
 * one place where the vendor's statuses become our errors. Nothing is repeated here: after
 * `ProviderUnavailable` the caller asks again with the same key.
 */
import type { Clock, Secret } from '@opora/kernel';
import { z } from 'zod';
import { DependencyOpen, type Breaker } from '../../../../platform/breaker/port.ts';
import {
  NetworkFailed,
  retryAfterMs,
  type HttpClient,
  type HttpReply,
} from '../../../../platform/http-client/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
} from '../../errors.ts';
import { CALL_TIMEOUT_MS } from '../../provider.ts';

/** What our schemas were written for; without it the account's own version would answer. */
const API_VERSION = '2026-10-28.endive';
/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;

const errorSchema = z.object({
  error: z.object({
    type: z.string(),
    code: z.string().nullish(),
    message: z.string().nullish(),
    param: z.string().nullish(),
  }),
});

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

/** The requests of one call of the port: together they have `CALL_TIMEOUT_MS`. */
export interface StripeCall {
  /** Throws `ProviderPaymentMissing`, `ProviderRefused`, `ProviderUnavailable`, `ProviderProtocolError`. */
  get(path: string, query?: Form): Promise<unknown>;
  /** The same, idempotent by `key` for a day at the vendor. */
  post(path: string, key: string, form: Form): Promise<unknown>;
}

export type Form = Readonly<Record<string, string>>;

/** Makes a `StripeCall` whose time begins now. */
export function createClient(
  account: Readonly<{ apiUrl: string; apiKey: Secret }>,
  deps: ClientDeps,
): () => StripeCall {
  const base = new URL(account.apiUrl.endsWith('/') ? account.apiUrl : `${account.apiUrl}/`);

  async function request(
    url: URL,
    timeoutMs: number,
    sent?: Readonly<{ key: string; form: Form }>,
  ): Promise<unknown> {
    if (timeoutMs <= 0) throw new ProviderUnavailable('stripe: no time left for another request');
    const headers = {
      authorization: `Bearer ${account.apiKey.reveal()}`,
      'stripe-version': API_VERSION,
      ...(sent === undefined ? {} : { 'idempotency-key': sent.key }),
    };
    const post = sent && { method: 'POST' as const, body: new URLSearchParams(sent.form) };
    try {
      return await deps.breaker.run(async () =>
        judge(
          await deps.http.call({ method: 'GET', ...post, url, headers, timeoutMs }),
          deps.clock,
        ),
      );
    } catch (error) {
      if (error instanceof NetworkFailed || error instanceof DependencyOpen) {
        throw new ProviderUnavailable(`stripe: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  return () => {
    const endsMs = deps.clock.monotonicMs() + CALL_TIMEOUT_MS;
    const left = (): number => endsMs - deps.clock.monotonicMs();
    return {
      get(path, query = {}) {
        const url = new URL(path, base);
        url.search = new URLSearchParams(query).toString();
        return request(url, left());
      },
      post: (path, key, form) => request(new URL(path, base), left(), { key, form }),
    };
  };
}

/** The body of a good answer, or the error its status means. */
function judge(reply: HttpReply, clock: Clock): unknown {
  if (reply.status >= 200 && reply.status < 300) {
    if (reply.json === undefined) throw protocol('answer is not JSON', reply);
    return reply.json;
  }
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw unavailable('vendor is busy or failing', reply, wait);
  }
  if (reply.status === 401 || reply.status === 403) {
    throw protocol('credentials refused (API key or its rights)', reply);
  }
  const said = errorSchema.safeParse(reply.json);
  // Anybody's 404 (a proxy, a wrong base address) must not read as "the vendor has no such payment".
  if (!said.success) throw protocol("answer is not the vendor's", reply);
  const { type, code, message, param } = said.data.error;
  // The first call under this key is still running: what becomes of it is not known yet.
  if (reply.status === 409) throw unavailable('still working on this key', reply);
  const facts = {
    status: reply.status,
    vendorCode: (code ?? type).slice(0, DETAIL_MAX),
    parameter: param?.slice(0, DETAIL_MAX) ?? null,
  };
  const detail = `stripe: ${facts.vendorCode}: ${message?.slice(0, DETAIL_MAX) ?? ''}`;
  if (reply.status === 404) {
    if (code === 'resource_missing') throw new ProviderPaymentMissing(detail, { facts });
    throw protocol('the address is not one of the API', reply);
  }
  throw new ProviderRefused(detail, { facts });
}

function unavailable(message: string, reply: HttpReply, wait?: number): ProviderUnavailable {
  return new ProviderUnavailable(`stripe: ${message} (${String(reply.status)})`, {
    facts: { status: reply.status },
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function protocol(message: string, reply: HttpReply): ProviderProtocolError {
  return new ProviderProtocolError(`stripe: ${message} (${String(reply.status)})`, {
    facts: { status: reply.status },
  });
}
