/**
 * HTTP to FreeKassa: every call is a POST of JSON with our shop, a growing `nonce` and a signature.
 * Calls of one process go one after another, so that nonces arrive in their order. Two processes
 * may still overtake each other: the vendor refuses the later one, and that is `ProviderUnavailable`,
 * for nothing was done. Nothing is repeated here.
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
import { ProviderProtocolError, ProviderRefused, ProviderUnavailable } from '../../errors.ts';
import { CALL_TIMEOUT_MS } from '../../provider.ts';
import { signCall } from './signatures.ts';

/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;
/** Calls that may wait for their turn; more are told to come later. */
const WAITING_MAX = 64;

const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('success') }),
  z.object({
    type: z.literal('error'),
    message: z.string().nullish(),
    error: z.string().nullish(),
  }),
]);

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

export interface FreekassaClient {
  /**
   * A good answer within `CALL_TIMEOUT_MS`, waiting included. Throws `ProviderRefused`,
   * `ProviderUnavailable`, `ProviderProtocolError`.
   */
  call(method: string, fields: Readonly<Record<string, string | number>>): Promise<unknown>;
}

export function createClient(
  shop: Readonly<{ apiUrl: string; shopId: string; apiKey: Secret }>,
  deps: ClientDeps,
): FreekassaClient {
  const base = new URL(shop.apiUrl.endsWith('/') ? shop.apiUrl : `${shop.apiUrl}/`);
  const nextNonce = createNonces(deps.clock);
  const inTurn = createTurns(deps.clock);

  async function exchange(
    method: string,
    fields: Readonly<Record<string, string | number>>,
    timeoutMs: number,
  ): Promise<unknown> {
    const signed = { shopId: Number(shop.shopId), nonce: nextNonce(), ...fields };
    const body = { ...signed, signature: signCall(signed, shop.apiKey) };
    const url = new URL(method, base);
    const reply = await deps.http.call({ method: 'POST', url, body, timeoutMs });
    return judge(reply, method, deps.clock);
  }

  return {
    async call(method, fields) {
      try {
        return await deps.breaker.run(() =>
          inTurn((timeoutMs) => exchange(method, fields, timeoutMs)),
        );
      } catch (error) {
        if (error instanceof NetworkFailed || error instanceof DependencyOpen) {
          throw new ProviderUnavailable(`freekassa: ${error.message}`, { cause: error });
        }
        throw error;
      }
    },
  };
}

/** Microseconds of the clock, each greater than the one before: far below 2^53 for centuries. */
function createNonces(clock: Clock): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, clock.now().getTime() * 1_000);
    return last;
  };
}

/** One call at a time; each is given what is left of its time when its turn comes. */
function createTurns(clock: Clock) {
  let line: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async <T>(work: (timeoutMs: number) => Promise<T>): Promise<T> => {
    if (waiting >= WAITING_MAX) throw new ProviderUnavailable('freekassa: too many calls wait');
    waiting += 1;
    const deadlineMs = clock.monotonicMs() + CALL_TIMEOUT_MS;
    const mine = line.then(() => {
      const leftMs = deadlineMs - clock.monotonicMs();
      if (leftMs <= 0) throw new ProviderUnavailable('freekassa: waited too long for its turn');
      return work(leftMs);
    });
    line = mine.catch(() => undefined);
    return mine.finally(() => {
      waiting -= 1;
    });
  };
}

function judge(reply: HttpReply, method: string, clock: Clock): unknown {
  const facts = { status: reply.status };
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw new ProviderUnavailable(
      `freekassa: vendor is busy or failing (${String(reply.status)})`,
      { facts, ...(wait === undefined ? {} : { retryAfterMs: wait }) },
    );
  }
  if (reply.status === 401 || reply.status === 403) {
    throw new ProviderProtocolError('freekassa: credentials refused (shop id or API key)', {
      facts,
    });
  }
  const said = answerSchema.safeParse(reply.json);
  // A proxy's page or a wrong base address must not read as a word of the vendor.
  if (!said.success || (reply.status >= 300 && reply.status < 400)) {
    throw new ProviderProtocolError("freekassa: answer is not the vendor's", { facts });
  }
  if (said.data.type === 'success') {
    if (reply.status < 300) return reply.json;
    throw new ProviderProtocolError('freekassa: a success with an error status', { facts });
  }
  const words = (said.data.message ?? said.data.error ?? '').slice(0, DETAIL_MAX);
  const detail = `freekassa: ${method}: ${words}`;
  if (/nonce/i.test(words)) throw new ProviderUnavailable(detail, { facts });
  throw new ProviderRefused(detail, { facts });
}
