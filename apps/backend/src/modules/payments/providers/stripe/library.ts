/**
 * The vendor's own library, kept to what it knows best: requests in the words of the API and its
 * errors. Network, time limits, keys and what an HTTP status means stay ours: it opens no connection,
 * repeats no call, holds no secret and tells the vendor nothing of the machine. It is loaded by the
 * first call, because it costs about 90 ms and 40 MB that a process without Stripe keeps.
 */
import type { Secret } from '@opora/kernel';
import Stripe from 'stripe';
import type { HttpReply } from '../../../../platform/http-client/index.ts';

/** What our schemas were written for; without it the account's own version would answer. */
const API_VERSION = '2026-10-28.endive';
/** Before every path the library makes; our base address brings its own. */
const LIBRARY_BASE = '/v1/';
/** The library adds more of them, about itself and the machine it runs on. */
const HEADERS_SENT: ReadonlySet<string> = new Set([
  'authorization',
  'idempotency-key',
  'stripe-version',
]);

export type Exchange = (
  call: Readonly<{
    method: 'GET' | 'POST' | 'DELETE';
    /** Relative to the base address of the API. */
    path: string;
    headers: Readonly<Record<string, string>>;
    /** Absent: no body. */
    form: URLSearchParams | undefined;
    timeoutMs: number;
  }>,
) => Promise<HttpReply>;

/** The library over our `exchange`, which answers only with JSON that is the vendor's. */
export function createLibrary(apiKey: Secret, exchange: Exchange): Stripe {
  return new Stripe('', {
    apiVersion: API_VERSION,
    maxNetworkRetries: 0,
    telemetry: false,
    // The key is revealed only while it is sent.
    authenticator: ({ headers }) => {
      headers['Authorization'] = `Bearer ${apiKey.reveal()}`;
      return Promise.resolve();
    },
    httpClient: {
      getClientName: () => 'opora',
      async makeRequest(_host, _port, path, method, headers, body, _protocol, timeoutMs) {
        const {
          status,
          headers: received,
          json,
        } = await exchange({
          method: methodOf(method),
          path: path.slice(path.startsWith(LIBRARY_BASE) ? LIBRARY_BASE.length : 0),
          headers: sentOf(headers),
          form: method === 'POST' ? new URLSearchParams(body) : undefined,
          timeoutMs,
        });
        return {
          getStatusCode: () => status,
          getHeaders: () => ({ ...received }),
          getRawResponse: () => ({}),
          toJSON: () => Promise.resolve(json),
          toStream: () => undefined,
        };
      },
    },
  });
}

function methodOf(method: string): 'GET' | 'POST' | 'DELETE' {
  return method === 'POST' || method === 'DELETE' ? method : 'GET';
}

function sentOf(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      HEADERS_SENT.has(name.toLowerCase()) ? [[name.toLowerCase(), String(value)]] : [],
    ),
  );
}
