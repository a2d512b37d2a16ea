/**
 * HTTP to api.yookassa.ru: Basic credentials, the idempotence key every POST needs, and the one
 * place where the vendor's statuses become our errors. Nothing is repeated here: after
 * `ProviderUnavailable` the caller asks again with the same key.
 */
import { createHash } from 'node:crypto';
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
import type { Log } from '../../../../platform/log/index.ts';
import { CALL_TIMEOUT_MS } from '../../provider.ts';

/** Longest `Idempotence-Key` the vendor takes, in characters. */
const KEY_MAX = 64;
/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;

/** Both sentences seen: "can't make recurring payments", "Forbidden to save payment method". */
const NO_AUTOPAYMENTS = /recurring|save payment method/i;

const errorSchema = z.object({
  type: z.literal('error'),
  code: z.string(),
  description: z.string().optional(),
  parameter: z.string().optional(),
});
/** An answer that only says "not finished": the call is repeated later with the same key. */
const processingSchema = z.object({
  type: z.literal('processing'),
  retry_after: z.number().nonnegative().optional(),
});

/** The shop's contract has no automatic payments: nothing was done. */
export class YookassaForbids extends ProviderProtocolError {}

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
  log: Log;
}>;

export interface YookassaClient {
  /** Throws `ProviderPaymentMissing`, `ProviderRefused`, `ProviderUnavailable`, `ProviderProtocolError`. */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<unknown>;
  /** The same, idempotent by `key` for 24 hours at the vendor. */
  post(path: string, key: string, body: unknown): Promise<unknown>;
}

export function createClient(
  shop: Readonly<{ apiUrl: string; shopId: string; secretKey: Secret }>,
  deps: ClientDeps,
): YookassaClient {
  const base = new URL(shop.apiUrl.endsWith('/') ? shop.apiUrl : `${shop.apiUrl}/`);

  async function call(
    method: 'GET' | 'POST',
    url: URL,
    extra: { headers?: Record<string, string>; body?: unknown },
  ): Promise<unknown> {
    const credentials = Buffer.from(`${shop.shopId}:${shop.secretKey.reveal()}`).toString('base64');
    const headers = { authorization: `Basic ${credentials}`, ...extra.headers };
    const wish = { method, url, ...extra, headers, timeoutMs: CALL_TIMEOUT_MS };
    // Named inside the breaker, which counts what is called unavailable; an open one outside of it.
    return deps.breaker
      .run(async () => judge(await deps.http.call(wish).catch(away), deps.clock))
      .catch(away);
  }

  return {
    get(path, query = {}) {
      const url = new URL(path, base);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      return call('GET', url, {});
    },
    post(path, key, body) {
      const headers = { 'idempotence-key': fitKey(key) };
      return call('POST', new URL(path, base), { headers, body });
    },
  };
}

/** What says nothing of the payment: no connection, no answer in time, an open breaker. */
function away(error: unknown): never {
  if (error instanceof NetworkFailed || error instanceof DependencyOpen) {
    throw new ProviderUnavailable(`yookassa: ${error.message}`, { cause: error });
  }
  throw error;
}

/** A key that is too long becomes its hash: cutting it could make two keys one. */
export function fitKey(key: string): string {
  return key.length <= KEY_MAX ? key : createHash('sha256').update(key).digest('hex');
}

/** The body of a good answer, or the error its status means. */
function judge(reply: HttpReply, clock: Clock): unknown {
  const processing = processingSchema.safeParse(reply.json);
  if (processing.success) {
    throw unavailable('not finished yet', processing.data.retry_after, reply);
  }
  if (reply.status >= 200 && reply.status < 300) {
    if (reply.json === undefined) throw protocol('answer is not JSON', reply);
    return reply.json;
  }
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw unavailable('vendor is busy or failing', wait, reply);
  }
  const said = errorSchema.safeParse(reply.json);
  if (said.data?.code === 'forbidden' && NO_AUTOPAYMENTS.test(said.data.description ?? '')) {
    throw new YookassaForbids('yookassa: the shop has no automatic payments', {
      facts: { status: reply.status },
    });
  }
  if (reply.status === 401 || reply.status === 403) {
    throw protocol('credentials refused (shop id or secret key)', reply);
  }
  // Anybody's 404 (a proxy, a wrong base address) must not read as "the vendor has no such payment".
  if (!said.success) throw protocol("answer is not the vendor's", reply);
  const facts = {
    status: reply.status,
    vendorCode: said.data.code.slice(0, DETAIL_MAX),
    parameter: said.data.parameter?.slice(0, DETAIL_MAX) ?? null,
  };
  const detail = `${facts.vendorCode}: ${said.data.description?.slice(0, DETAIL_MAX) ?? ''}`;
  if (reply.status === 404) throw new ProviderPaymentMissing(`yookassa: ${detail}`, { facts });
  throw new ProviderRefused(`yookassa: ${detail}`, { facts });
}

function unavailable(
  message: string,
  wait: number | undefined,
  reply: HttpReply,
): ProviderUnavailable {
  return new ProviderUnavailable(`yookassa: ${message} (${String(reply.status)})`, {
    facts: { status: reply.status },
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function protocol(message: string, reply: HttpReply): ProviderProtocolError {
  return new ProviderProtocolError(`yookassa: ${message} (${String(reply.status)})`, {
    facts: { status: reply.status },
  });
}
