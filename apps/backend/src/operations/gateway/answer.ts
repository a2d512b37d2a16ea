import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEADERS, type ProblemCode } from '@opora/contracts';
import {
  plainProblem,
  preferredLanguage,
  PROBLEM_TYPE,
  SECURITY_HEADERS,
} from '../../platform/http/index.ts';
import { ALLOWED_METHODS } from './routes.ts';

const RETRY_AFTER_S = '2';

/** An answer of the gateway itself that is not a refusal. */
export function answerJson(
  response: ServerResponse,
  status: number,
  about: {
    body: object;
    requestId: string;
    closing: boolean;
    type?: string;
    /** Names and values in turn. */
    headers?: readonly string[];
  },
): void {
  const text = JSON.stringify(about.body);
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    [HEADERS.requestId]: about.requestId,
    'content-type': about.type ?? 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    ...(about.closing ? { connection: 'close' } : {}),
    ...(status === 503 ? { 'retry-after': RETRY_AFTER_S } : {}),
    ...(status === 405 ? { allow: ALLOWED_METHODS } : {}),
    ...pairsOf(about.headers ?? []),
  });
  response.end(text);
}

/** May a page of another origin ask what it is about to? `headers` say so, or nothing. */
export function answerPreflight(
  { response, requestId, headers }: Asked & { headers: readonly string[] },
  closing: boolean,
): void {
  response.writeHead(204, {
    ...SECURITY_HEADERS,
    [HEADERS.requestId]: requestId,
    ...(closing ? { connection: 'close' } : {}),
    ...pairsOf(headers),
  });
  response.end();
}

/** The two ends of one request, and its name. */
export type Asked = Readonly<{
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
}>;

/** `headers`: names and values in turn; doubtful: what was asked may be read in two ways. */
export type Refused = Asked & Readonly<{ headers?: readonly string[]; isDoubtful?: boolean }>;

/**
 * A refusal. The connection is closed when a body was left unread, so that it cannot be misread; a
 * short one of announced length the parser reads off: a new connection costs more than its bytes.
 */
export function answerProblem(asked: Refused, code: ProblemCode, closing: boolean): void {
  const { request, response, requestId, headers = [], isDoubtful = false } = asked;
  if (response.destroyed || response.headersSent) return;
  const language = preferredLanguage(request.headers['accept-language']);
  const problem = plainProblem(code, requestId, language);
  answerJson(response, problem.status, {
    body: problem,
    requestId,
    closing: closing || (!request.complete && (isDoubtful || !isReadOff(request))),
    type: PROBLEM_TYPE,
    headers,
  });
}

const READ_OFF_MAX = 16_384;

function isReadOff({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return false;
  return Number(headers['content-length'] ?? 0) <= READ_OFF_MAX;
}

function pairsOf(flat: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let at = 0; at < flat.length; at += 2) pairs[flat[at] ?? ''] = flat[at + 1] ?? '';
  return pairs;
}
