/**
 * Pages of other origins: which of them may read our answers. None unless the settings name them.
 * A page that is named may send the cookies of its visitor; with `*` nobody may.
 */
import type { IncomingMessage } from 'node:http';
import { HEADERS } from '@opora/contracts';

/** How long a browser need not ask again, seconds. */
const MAX_AGE_S = 600;
const ANY = '*';
const ALLOWED_HEADERS = [
  ...['accept-language', 'authorization', 'content-type', 'idempotency-key', 'if-none-match'],
  HEADERS.csrf,
].join(', ');
const EXPOSED_HEADERS = [
  ...['idempotent-replayed', 'ratelimit', 'ratelimit-policy', 'retry-after'],
  HEADERS.requestId,
].join(', ');
const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';

export class Cors {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** With its visitor's cookies. */
  isNamed(origin: string): boolean {
    return origin !== ANY && this.#origins.has(origin);
  }

  /** For every answer: names and values in turn. A cache must know that they depend on the asker. */
  headersFor(origin: string | undefined): readonly string[] {
    if (this.#origins.size === 0) return [];
    if (this.#origins.has(ANY)) {
      return ['access-control-allow-origin', ANY, 'access-control-expose-headers', EXPOSED_HEADERS];
    }
    if (origin === undefined || !this.#origins.has(origin)) return ['vary', 'origin'];
    return [
      ...['access-control-allow-origin', origin, 'access-control-allow-credentials', 'true'],
      ...['access-control-expose-headers', EXPOSED_HEADERS, 'vary', 'origin'],
    ];
  }

  /** What the answer to a preflight says besides. */
  preflightFor(origin: string | undefined): readonly string[] {
    const isKnown = this.#origins.has(ANY) || (origin !== undefined && this.#origins.has(origin));
    if (!isKnown) return [];
    return [
      ...['access-control-allow-methods', METHODS, 'access-control-allow-headers', ALLOWED_HEADERS],
      ...['access-control-max-age', String(MAX_AGE_S)],
    ];
  }
}

/** A browser asks beforehand, without cookies and without a body. */
export function isPreflight({ method, headers }: IncomingMessage): boolean {
  return (
    method === 'OPTIONS' &&
    headers.origin !== undefined &&
    headers['access-control-request-method'] !== undefined
  );
}
