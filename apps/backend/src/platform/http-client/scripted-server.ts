/**
 * For tests of adapters: a real HTTP server on a free local port that answers from a script, so that
 * an adapter meets true sockets, resets and silence instead of a mock. It keeps what it was asked.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type ScriptedRequest = Readonly<{
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, else the text. */
  body: unknown;
}>;

/** `reset` cuts the connection without an answer; `silence` never answers. */
export type ScriptedAnswer =
  | Readonly<{
      status: number;
      headers?: Readonly<Record<string, string>>;
      /** A text goes out as it stands (HTML, broken JSON), anything else as JSON. */
      body?: unknown;
    }>
  | 'reset'
  | 'silence';

export interface ScriptedServer {
  readonly url: string;
  readonly requests: readonly ScriptedRequest[];
  /** Answers of `METHOD /path` (or `*` for the rest), one after another; the last one repeats. */
  answer(route: string, ...answers: ScriptedAnswer[]): void;
  /** The same, computed from the request: for vendors that remember keys. */
  answerWith(route: string, respond: (request: ScriptedRequest) => ScriptedAnswer): void;
  /** Forgets the script and what was asked. */
  clear(): void;
  close(): Promise<void>;
}

/** Answer to what no script covers: a status no adapter may take for anything. */
const UNSCRIPTED: ScriptedAnswer = { status: 501, body: 'not in the script' };

export async function startScriptedServer(): Promise<ScriptedServer> {
  const routes = new Map<string, (request: ScriptedRequest) => ScriptedAnswer>();
  const requests: ScriptedRequest[] = [];
  const server = createServer((incoming, response) => {
    void readRequest(incoming).then((request) => {
      requests.push(request);
      const respond = routes.get(`${request.method} ${request.path}`) ?? routes.get('*');
      send(respond?.(request) ?? UNSCRIPTED, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener always has one
  return {
    url: `http://127.0.0.1:${String(port)}`,
    requests,
    answer(route, ...answers) {
      let next = 0;
      routes.set(route, () => {
        const answer = answers[Math.min(next, answers.length - 1)] ?? UNSCRIPTED;
        next += 1;
        return answer;
      });
    },
    answerWith(route, respond) {
      routes.set(route, respond);
    },
    clear() {
      routes.clear();
      requests.length = 0;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readRequest(incoming: IncomingMessage): Promise<ScriptedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk as Uint8Array)); // no encoding is set
  const text = Buffer.concat(chunks).toString('utf8');
  const url = new URL(incoming.url ?? '/', 'http://scripted');
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function send(answer: ScriptedAnswer, response: ServerResponse): void {
  if (answer === 'silence') return;
  if (answer === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  const isText = typeof answer.body === 'string';
  response.writeHead(answer.status, {
    'content-type': isText ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8',
    ...answer.headers,
  });
  if (answer.body === undefined) response.end();
  else response.end(isText ? answer.body : JSON.stringify(answer.body));
}
