/**
 * Calls to other people's JSON APIs: one small client over undici, shared by every adapter. It knows
 * HTTP and its limits, nothing of vendors.
 *
 * Promises: a call ends within its `timeoutMs` (connecting within `CONNECT_TIMEOUT_MS`), an answer
 * is at most `ANSWER_MAX_BYTES`, connections are kept alive and capped per origin, a redirect is an
 * answer like any other (following one could carry credentials to somebody else), and nothing is
 * repeated here: whether a repeat is safe is known to the caller alone.
 */
import { OperationalError, type Clock } from '@opora/kernel';
import { Agent, errors, request, type Dispatcher } from 'undici';
import { parseExactJson } from '../json/index.ts';

export { retryAfterMs } from './retry-after.ts';

/** Longest time to connect, TLS included, in milliseconds. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Largest answer that is read; a page of 250 panel users is about 250 kB. */
export const ANSWER_MAX_BYTES = 4 * 1024 * 1024;
/** Connections to one origin: a slow vendor holds these and no more. */
const CONNECTIONS_MAX = 16;
/** How long an idle connection is kept; shorter than what usual proxies allow. */
const KEEP_ALIVE_MS = 4_000;

export type HttpCall = Readonly<{
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  url: URL;
  headers?: Readonly<Record<string, string>>;
  /** `URLSearchParams` go as a form, anything else as JSON; absent: no body. */
  body?: unknown;
  /** From the first byte of connecting to the last byte read. */
  timeoutMs: number;
}>;

/** What was answered, whatever the status. `json` is undefined when the body is not JSON. */
export type HttpReply = Readonly<{
  status: number;
  /** Names in lower case; repeated headers joined by a comma. */
  headers: Readonly<Record<string, string>>;
  json: unknown;
  text: string;
}>;

type NetworkFault = 'timeout' | 'connection' | 'oversized';

/** There is no answer to speak of: whether the other side acted on the call is unknown. */
export class NetworkFailed extends OperationalError {
  readonly code = 'platform.network_failed';
  readonly fault: NetworkFault;

  constructor(fault: NetworkFault, message: string, options: { cause?: unknown } = {}) {
    super(message, { ...options, facts: { fault } });
    this.fault = fault;
  }
}

export interface HttpClient {
  /** Resolves with any answer; throws `NetworkFailed` when there is none. */
  call(call: HttpCall): Promise<HttpReply>;
  /** Waits for calls under way, then closes every connection. */
  close(): Promise<void>;
}

export function createHttpClient(deps: { clock: Clock }): HttpClient {
  const agent = new Agent({
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The deadline of the call rules; two more clocks would only disagree with it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  return {
    async call(call) {
      const late = new AbortController();
      const ended = new AbortController();
      void deps.clock.sleep(call.timeoutMs, ended.signal).then(() => {
        late.abort();
      });
      try {
        return await exchange(agent, call, late.signal);
      } catch (error) {
        throw describe(error, call, late.signal.aborted);
      } finally {
        ended.abort();
      }
    },
    async close() {
      await agent.close();
    },
  };
}

async function exchange(
  dispatcher: Dispatcher,
  call: HttpCall,
  signal: AbortSignal,
): Promise<HttpReply> {
  const { type, text: sent } = encode(call.body);
  const response = await request(call.url, {
    dispatcher,
    method: call.method,
    headers: {
      accept: 'application/json',
      'user-agent': 'opora',
      ...(type === undefined ? {} : { 'content-type': type }),
      ...call.headers,
    },
    body: sent,
    signal,
  });
  const text = await readBounded(response.body, call);
  return {
    status: response.statusCode,
    headers: flatten(response.headers),
    json: parseExactJson(text),
    text,
  };
}

function encode(body: unknown): { type: string | undefined; text: string | null } {
  if (body === undefined) return { type: undefined, text: null };
  if (body instanceof URLSearchParams) {
    return { type: 'application/x-www-form-urlencoded', text: body.toString() };
  }
  return { type: 'application/json', text: JSON.stringify(body) };
}

async function readBounded(body: AsyncIterable<Buffer>, call: HttpCall): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop by a throw destroys the stream, and with it the connection.
  for await (const chunk of body) {
    size += chunk.length;
    if (size > ANSWER_MAX_BYTES) {
      throw new NetworkFailed('oversized', `${label(call)}: answer above the size limit`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function describe(error: unknown, call: HttpCall, isLate: boolean): unknown {
  // An argument undici refuses is a bug of ours, not a fault of the network.
  if (error instanceof NetworkFailed || error instanceof errors.InvalidArgumentError) return error;
  if (isLate) {
    return new NetworkFailed('timeout', `${label(call)}: no answer in time`, { cause: error });
  }
  const fault = error instanceof errors.ConnectTimeoutError ? 'timeout' : 'connection';
  const reason = error instanceof Error ? error.message : 'failed';
  return new NetworkFailed(fault, `${label(call)}: ${reason}`, { cause: error });
}

/** Method and origin only: paths and queries of some vendors carry tokens. */
function label(call: HttpCall): string {
  return `${call.method} ${call.url.origin}`;
}
