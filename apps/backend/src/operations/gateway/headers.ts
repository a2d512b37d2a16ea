import { HEADERS } from '@opora/contracts';
import { SECURITY_HEADERS } from '../../platform/http/index.ts';

/** Say something about one connection only, or are said anew by us. */
const HOP_BY_HOP = [
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const NOT_FORWARDED = new Set([
  ...HOP_BY_HOP,
  HEADERS.requestId,
  'content-length',
  'forwarded',
  'x-real-ip',
  'traceparent',
  'tracestate',
  'baggage',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
]);

/** Names by which an inner role would learn who calls: strangers may not say them. */
const SPOOFABLE = /^x[-_](?:forwarded|user|auth|internal|opora)/;

/** Whether other origins may read an answer is said in one place, here at the door. */
const CORS = ['origin', 'credentials', 'headers', 'methods'].map(
  (what) => `access-control-allow-${what}`,
);

const NOT_RETURNED = new Set([
  ...CORS,
  'access-control-expose-headers',
  'access-control-max-age',
  ...HOP_BY_HOP,
  HEADERS.requestId,
  'server',
  'x-powered-by',
  ...Object.keys(SECURITY_HEADERS).filter((name) => !isRoutesOwn(name)),
]);

/** What a route may decide itself: how long it may be kept, and the policy of its content. */
function isRoutesOwn(name: string): boolean {
  return name === 'cache-control' || name === 'content-security-policy';
}

const FIXED_ANSWER_HEADERS = Object.entries(SECURITY_HEADERS)
  .filter(([name]) => !isRoutesOwn(name))
  .flat();

/** Position of the remaining time in what `requestHeaders` returns: a retry has less. */
export const DEADLINE_AT = 3;

export type Ours = Readonly<{
  requestId: string;
  deadlineMs: number;
  inner: string;
  clientAddress: string;
}>;

/** Headers for the instance as a flat list: ours first, then what the client may say. */
export function requestHeaders(
  rawHeaders: readonly string[],
  connection: string | undefined,
  ours: Ours,
): string[] {
  const headers = [
    HEADERS.requestId,
    ours.requestId,
    HEADERS.deadline,
    String(ours.deadlineMs),
    HEADERS.inner,
    ours.inner,
    'x-forwarded-for',
    ours.clientAddress,
  ];
  const named = connectionNames(connection);
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    if (NOT_FORWARDED.has(name) || named?.has(name) === true) continue;
    if (name.charCodeAt(0) === 120 && SPOOFABLE.test(name)) continue;
    headers.push(name, rawHeaders[at + 1] ?? '');
  }
  return headers;
}

/** Headers for the client as a flat list: the route's own, then ours. */
export function answerHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  requestId: string,
  closing: boolean,
): string[] {
  const list: string[] = [];
  const connection = headers['connection'];
  const named = connectionNames(typeof connection === 'string' ? connection : undefined);
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || NOT_RETURNED.has(name) || named?.has(name) === true) continue;
    if (typeof value === 'string') list.push(name, value);
    else for (const one of value) list.push(name, one);
  }
  list.push(HEADERS.requestId, requestId, ...FIXED_ANSWER_HEADERS);
  if (closing) list.push('connection', 'close');
  return list;
}

/** Headers that the sender declared to be of this connection; undefined for the usual values. */
function connectionNames(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') {
    return undefined;
  }
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
