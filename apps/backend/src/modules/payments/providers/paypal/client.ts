/**
 * HTTP to api-m.paypal.com: the access token, the request id every POST needs, and the one place
 * where the vendor's statuses become our errors. Nothing is repeated here but a call whose token was
 * not taken; after `ProviderUnavailable` the caller asks again with the same id.
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
import { CALL_TIMEOUT_MS } from '../../provider.ts';
import { createTokens } from './token.ts';

/** Longest `PayPal-Request-Id` the vendor takes for orders, in characters. */
const KEY_MAX = 108;
/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;
/** Of a removal; nothing else is answered without a body. */
const NO_CONTENT = 204;
/** An earlier call under this id still runs. */
const STILL_RUNNING = 'PREVIOUS_REQUEST_IN_PROGRESS';

const errorSchema = z.object({
  name: z.string(),
  message: z.string().nullish(),
  details: z
    .array(z.object({ issue: z.string().nullish(), description: z.string().nullish() }))
    .max(100)
    .nullish(),
});

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

/** The requests of one call of the port: together they have `CALL_TIMEOUT_MS`. */
export interface PaypalCall {
  /** Throws `ProviderPaymentMissing`, `ProviderRefused`, `ProviderUnavailable`, `ProviderProtocolError`. */
  get(path: string): Promise<unknown>;
  /** The same, idempotent by `key`: six hours for orders, longer for money. */
  post(path: string, key: string, body: unknown): Promise<unknown>;
  remove(path: string): Promise<void>;
}

type Request = Readonly<{
  path: string;
  method: 'GET' | 'POST' | 'DELETE';
  headers?: Readonly<Record<string, string>>;
  body?: unknown;
}>;

/** Makes a `PaypalCall` whose time begins now. */
export function createClient(
  account: Readonly<{ apiUrl: URL; clientId: string; secret: Secret }>,
  deps: ClientDeps,
): () => PaypalCall {
  /** One exchange; a refused token comes back as undefined, every other fault is thrown. */
  async function exchange(request: Request, leftMs: number): Promise<HttpReply | undefined> {
    if (leftMs <= 0) throw new ProviderUnavailable('paypal: no time left for another request');
    const { path, ...call } = request;
    const url = new URL(path, account.apiUrl);
    try {
      return await deps.breaker.run(async () => {
        const reply = await deps.http.call({ ...call, url, timeoutMs: leftMs });
        return reply.status === 401 ? undefined : judge(reply, deps.clock);
      });
    } catch (error) {
      if (error instanceof NetworkFailed || error instanceof DependencyOpen) {
        throw new ProviderUnavailable(`paypal: ${error.message}`, { cause: error });
      }
      throw error;
    }
  }

  const tokens = createTokens(account, {
    clock: deps.clock,
    async ask({ authorization, form, leftMs }) {
      const path = 'v1/oauth2/token';
      const request: Request = { path, method: 'POST', headers: { authorization }, body: form };
      const reply = await exchange(request, leftMs).catch(notOfPayments);
      if (reply === undefined) throw refusedCredentials();
      return reply;
    },
  });

  async function authorised(request: Request, left: () => number): Promise<unknown> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const token = await tokens.current(left());
      const headers = { ...request.headers, authorization: `Bearer ${token}` };
      const reply = await exchange({ ...request, headers }, left());
      if (reply !== undefined) return reply.json;
      tokens.drop(token);
    }
    throw refusedCredentials();
  }

  return () => {
    const endsMs = deps.clock.monotonicMs() + CALL_TIMEOUT_MS;
    const left = (): number => endsMs - deps.clock.monotonicMs();
    return {
      get: (path) => authorised({ path, method: 'GET' }, left),
      post(path, key, body) {
        // Without the whole object in the answer there would be nothing to compare.
        const headers = { 'paypal-request-id': fitKey(key), prefer: 'return=representation' };
        return authorised({ path, method: 'POST', headers, body }, left);
      },
      async remove(path) {
        await authorised({ path, method: 'DELETE' }, left);
      },
    };
  };
}

/** A key that is too long becomes its hash: cutting it could make two keys one. */
export function fitKey(key: string): string {
  return key.length <= KEY_MAX ? key : createHash('sha256').update(key).digest('hex');
}

/** A good answer as it is, or the error its status means. */
function judge(reply: HttpReply, clock: Clock): HttpReply {
  if (reply.status >= 200 && reply.status < 300) {
    if (reply.json === undefined && reply.status !== NO_CONTENT) {
      throw protocol('answer is not JSON', reply);
    }
    return reply;
  }
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw unavailable('vendor is busy or failing', reply, wait);
  }
  if (reply.status === 403) throw protocol('credentials refused (rights of the app)', reply);
  const said = errorSchema.safeParse(reply.json);
  // Anybody's 404 (a proxy, a wrong base address) must not read as "the vendor has no such payment".
  if (!said.success) throw protocol("answer is not the vendor's", reply);
  const [detail] = said.data.details ?? [];
  const code = detail?.issue ?? said.data.name;
  if (reply.status === 409 || code === STILL_RUNNING) {
    throw unavailable('still working on this request', reply);
  }
  const facts = { status: reply.status, vendorCode: code.slice(0, DETAIL_MAX) };
  const sentence = detail?.description ?? said.data.message ?? '';
  const message = `paypal: ${facts.vendorCode}: ${sentence.slice(0, DETAIL_MAX)}`;
  if (reply.status === 404) {
    if (said.data.name === 'RESOURCE_NOT_FOUND')
      throw new ProviderPaymentMissing(message, { facts });
    throw protocol("answer is not the vendor's", reply);
  }
  throw new ProviderRefused(message, { facts });
}

/** What a request for a token is told says nothing of a payment. */
function notOfPayments(error: unknown): never {
  if (error instanceof ProviderPaymentMissing || error instanceof ProviderRefused) {
    throw new ProviderProtocolError('paypal: no access token', { facts: error.facts });
  }
  throw error;
}

function refusedCredentials(): ProviderProtocolError {
  return new ProviderProtocolError('paypal: credentials refused (client id or secret)', {
    facts: { status: 401 },
  });
}

function unavailable(message: string, reply: HttpReply, wait?: number): ProviderUnavailable {
  return new ProviderUnavailable(`paypal: ${message} (${String(reply.status)})`, {
    facts: { status: reply.status },
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
  });
}

function protocol(message: string, reply: HttpReply): ProviderProtocolError {
  return new ProviderProtocolError(`paypal: ${message} (${String(reply.status)})`, {
    facts: { status: reply.status },
  });
}
