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

/** A refusal; the connection is closed when a body was left unread, so that it cannot be misread. */
export function answerProblem(
  asked: Asked & { headers?: readonly string[] },
  code: ProblemCode,
  closing: boolean,
): void {
  const { request, response, requestId, headers = [] } = asked;
  if (response.destroyed || response.headersSent) return;
  const language = preferredLanguage(request.headers['accept-language']);
  const problem = plainProblem(code, requestId, language);
  answerJson(response, problem.status, {
    body: problem,
    requestId,
    closing: closing || !request.complete,
    type: PROBLEM_TYPE,
    headers,
  });
}

function pairsOf(flat: readonly string[]): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (let at = 0; at < flat.length; at += 2) pairs[flat[at] ?? ''] = flat[at + 1] ?? '';
  return pairs;
}
