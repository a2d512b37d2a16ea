import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ProblemCode } from '@opora/contracts';
import type { Ids } from '@opora/kernel';
import { plainProblem, PROBLEM_TYPE } from './problem.ts';

/** What the parser refuses, in our words; the rest is a malformed request. */
const PARSER_CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'http.headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'http.body_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'http.request_timeout',
};

/** Answers what never became a request (the parser refused it) and closes the connection. */
export function answerClientError(ids: Ids, error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const id = ids.next('req');
  const problem = plainProblem(
    PARSER_CODES[error.code ?? ''] ?? 'http.malformed_request',
    id,
    'en',
  );
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${String(problem.status)} ${STATUS_CODES[problem.status] ?? ''}\r\n` +
      `content-type: ${PROBLEM_TYPE}\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\n` +
      `x-request-id: ${id}\r\nconnection: close\r\n\r\n${body}`,
  );
}
