import { API, SYSTEM_PATH, type ProblemCode } from '@opora/contracts';
import { BODY_MAX, WEBHOOK_BODY_MAX } from '../../platform/http/index.ts';

export type UpstreamName = 'auth' | 'api' | 'bot' | 'monitor';

/** Where an address leads and what it may cost. */
export type Route = Readonly<{
  upstream: UpstreamName;
  bodyMax: number;
  deadlineMs: number;
  /** Chunked bodies are collected, so that they are short and can be sent again. */
  collects: boolean;
  /** Doing it twice is doing it once, whatever the method: tried again when an answer was lost. */
  repeatable?: true;
  /** A webhook: its handler judges whether it is real, so no limit may refuse it unread. */
  provesItself?: true;
}>;

/** Each is stored once, by its own key. */
const webhook = {
  bodyMax: WEBHOOK_BODY_MAX,
  deadlineMs: 25_000,
  collects: true,
  repeatable: true,
  provesItself: true,
} as const;
const TO_API: Route = { upstream: 'api', bodyMax: BODY_MAX, deadlineMs: 10_000, collects: false };
const TO_AUTH: Route = { ...TO_API, upstream: 'auth' };
/** The loser of a race gets the same token; a link whose answer was lost opens once more. */
const TO_AUTH_AGAIN: Route = { ...TO_AUTH, collects: true, repeatable: true };
const AUTH_REPEATABLE = new Set(['/auth/refresh', '/auth/enter']);
const PANEL_WEBHOOK: Route = { upstream: 'api', ...webhook };
/** SendGrid collects events up to 768 kB. */
const MAIL_WEBHOOK: Route = { upstream: 'api', ...webhook, bodyMax: BODY_MAX };
/** Passed on up to the general limit, so that an oversized notice is refused where it is kept. */
const PAYMENT_WEBHOOK: Route = { upstream: 'api', ...webhook, bodyMax: BODY_MAX };
const BOT_WEBHOOK: Route = { upstream: 'bot', ...webhook };
/** The monitor answers by itself, also while everything it tells of is away. */
const TO_MONITOR: Route = { ...TO_API, upstream: 'monitor' };
const STATUS_PATH = API.status.read.path;

/** Everything public of the back end; whatever is not here does not exist outside. */
export function routeOf(path: string): Route | undefined {
  if (path.startsWith('/api/')) return isMonitors(path) ? TO_MONITOR : TO_API;
  if (path.startsWith('/auth/')) return AUTH_REPEATABLE.has(path) ? TO_AUTH_AGAIN : TO_AUTH;
  if (path.startsWith('/webhooks/')) {
    if (path.startsWith('/webhooks/telegram/')) return BOT_WEBHOOK;
    if (path.startsWith('/webhooks/payments/')) return PAYMENT_WEBHOOK;
    if (path === '/webhooks/mail/sendgrid') return MAIL_WEBHOOK;
    return path === '/webhooks/remnawave' ? PANEL_WEBHOOK : undefined;
  }
  return path === '/.well-known/jwks.json' ? TO_AUTH : undefined;
}

function isMonitors(path: string): boolean {
  return path.startsWith(SYSTEM_PATH) || path === STATUS_PATH;
}

export const ALLOWED_METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

const METHODS = new Set(ALLOWED_METHODS.split(', '));
const ADDRESS_MAX = 8_192;
const HEADERS_COUNT_MAX = 100;

/** Encoded slash, backslash, dot or control, a backslash, an empty or a dot segment. */
const DOUBTFUL_PATH = /%2f|%5c|%2e|%[01][0-9a-f]|%7f|\\|#|\/\/|\/\.{1,2}(?:\/|$)/i;

export type Asked = Readonly<{
  method: string;
  url: string;
  path: string;
  rawHeaders: readonly string[];
  transferEncoding: string | undefined;
}>;

/**
 * What the strict parser lets through and two servers could still read differently. Undefined: the
 * request may go on.
 */
export function faultOf(asked: Asked): ProblemCode | undefined {
  if (!METHODS.has(asked.method)) return 'http.method_not_allowed';
  if (asked.url.length > ADDRESS_MAX) return 'http.address_too_long';
  if (asked.rawHeaders.length > 2 * HEADERS_COUNT_MAX) return 'http.headers_too_large';
  // An absolute form names a host of its own; `*` has no resource.
  if (asked.url.charCodeAt(0) !== 47) return 'http.malformed_request';
  if (DOUBTFUL_PATH.test(asked.path)) return 'http.malformed_request';
  const { transferEncoding } = asked;
  if (transferEncoding !== undefined && transferEncoding.toLowerCase() !== 'chunked') {
    return 'http.malformed_request';
  }
  return hasOneHost(asked.rawHeaders) ? undefined : 'http.malformed_request';
}

function hasOneHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
      if (!/^[A-Za-z0-9.:[\]_-]{1,255}$/.test(rawHeaders[at + 1] ?? '')) return false;
    }
  }
  return hosts === 1;
}
