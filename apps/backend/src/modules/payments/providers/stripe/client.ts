/**
 * Calls of api.stripe.com by the vendor's library, and the one place where statuses and the
 * library's errors become ours. Nothing is repeated here: after `ProviderUnavailable` the caller asks
 * again with the same key.
 */
import type { Clock, Secret } from '@opora/kernel';
import type Stripe from 'stripe';
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
import type { Exchange } from './library.ts';

/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;

const answerSchema = z.looseObject({ error: z.object({ type: z.string() }).optional() });

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

type Ask = (stripe: Stripe, options: Stripe.RequestOptions) => Promise<unknown>;

/**
 * The requests of one call of the port: together they have `CALL_TIMEOUT_MS`. With a `key` one is
 * idempotent for a day at the vendor. Throws `ProviderPaymentMissing`, `ProviderRefused`,
 * `ProviderUnavailable`, `ProviderProtocolError`.
 */
export type StripeCall = (ask: Ask, key?: string) => Promise<unknown>;

/** Makes a `StripeCall` whose time begins now. */
export function createClient(
  account: Readonly<{ apiUrl: string; apiKey: Secret }>,
  deps: ClientDeps,
): () => StripeCall {
  const exchange = createExchange(account.apiUrl, deps);
  let loaded: Promise<Stripe> | undefined;
  const library = (): Promise<Stripe> =>
    (loaded ??= import('./library.ts').then(({ createLibrary }) =>
      createLibrary(account.apiKey, exchange),
    ));

  return () => {
    const endsMs = deps.clock.monotonicMs() + CALL_TIMEOUT_MS;
    return async (ask, key) => {
      const stripe = await library();
      const timeout = Math.ceil(endsMs - deps.clock.monotonicMs());
      if (timeout <= 0) throw new ProviderUnavailable('stripe: no time left for another request');
      const options = key === undefined ? { timeout } : { timeout, idempotencyKey: key };
      try {
        return await deps.breaker.run(() =>
          ask(stripe, options).catch((error: unknown) => {
            throw translated(error, stripe);
          }),
        );
      } catch (error) {
        if (!(error instanceof DependencyOpen)) throw error;
        throw new ProviderUnavailable(`stripe: ${error.message}`, { cause: error });
      }
    };
  };
}

function createExchange(apiUrl: string, { http, clock }: ClientDeps): Exchange {
  const base = new URL(apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  return async ({ path, form, ...call }) => {
    const url = new URL(path, base);
    const reply = await http
      .call(form === undefined ? { ...call, url } : { ...call, url, body: form })
      .catch((error: unknown) => {
        if (!(error instanceof NetworkFailed)) throw error;
        throw new ProviderUnavailable(`stripe: ${error.message}`, { cause: error });
      });
    return judged(reply, clock);
  };
}

/** An answer of the vendor, good or refusing. The library takes any JSON without an error for good. */
function judged(reply: HttpReply, clock: Clock): HttpReply {
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw unavailable('vendor is busy or failing', reply.status, wait);
  }
  if (reply.status === 401 || reply.status === 403) {
    throw protocol('credentials refused (API key or its rights)', reply.status);
  }
  const isGood = reply.status >= 200 && reply.status < 300;
  const said = answerSchema.safeParse(reply.json);
  // Anybody's 404 (a proxy, a wrong base address) must not read as "the vendor has no such payment".
  if (!said.success || isGood === (said.data.error !== undefined)) {
    throw protocol("answer is not the vendor's", reply.status);
  }
  return reply;
}

/** What the library threw, as ours. Its own errors hold whole answers: they are not passed on. */
function translated(error: unknown, { errors }: Stripe): unknown {
  if (!(error instanceof errors.StripeError)) {
    return new ProviderProtocolError('stripe: its library could not read the answer');
  }
  // What our own exchange threw comes wrapped.
  if (error.detail instanceof Error) return error.detail;
  const status = error.statusCode ?? 0;
  const { code, rawType, param } = error;
  // The first call under this key is still running: what becomes of it is not known yet.
  if (status === 409) return unavailable('still working on this key', status);
  const facts = {
    status,
    vendorCode: (code ?? rawType ?? error.type).slice(0, DETAIL_MAX),
    parameter: param?.slice(0, DETAIL_MAX) ?? null,
  };
  const detail = `stripe: ${facts.vendorCode}: ${error.message.slice(0, DETAIL_MAX)}`;
  if (status !== 404) return new ProviderRefused(detail, { facts });
  if (code === 'resource_missing') return new ProviderPaymentMissing(detail, { facts });
  return protocol('the address is not one of the API', status);
}

function unavailable(message: string, status: number, wait?: number): ProviderUnavailable {
  return new ProviderUnavailable(`stripe: ${message} (${String(status)})`, {
    facts: { status },
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function protocol(message: string, status: number): ProviderProtocolError {
  return new ProviderProtocolError(`stripe: ${message} (${String(status)})`, { facts: { status } });
}
