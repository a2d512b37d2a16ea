/**
 * The typed client of the HTTP API: an endpoint of the table and what it needs in, its parsed
 * answer out. Works in the browser and on the server; the caller brings `fetch` and headers.
 */
import type { z } from 'zod';
import type { Endpoint } from './api/endpoint.ts';
import { ProblemWire } from './wire.ts';

/** The schema of a part of a call that the endpoint has; `never` for one that it has not. */
type Part<T> = NonNullable<T> extends z.ZodUndefined ? never : NonNullable<T>;

type Wants<E extends Endpoint> = ([Part<E['params']>] extends [never]
  ? { params?: never }
  : { params: z.input<Part<E['params']>> }) &
  ([Part<E['query']>] extends [never] ? { query?: never } : { query?: z.input<Part<E['query']>> }) &
  ([Part<E['body']>] extends [never] ? { body?: never } : { body: z.input<Part<E['body']>> }) & {
    headers?: Readonly<Record<string, string>>;
    signal?: AbortSignal;
  };

/** Optional when an endpoint needs nothing. */
type Given<E extends Endpoint> =
  Partial<Wants<E>> extends Wants<E> ? [wants?: Wants<E>] : [wants: Wants<E>];

/** The API refused: the problem as it was sent, with its status. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: ProblemWire;

  constructor(problem: ProblemWire) {
    super(`${problem.code}: ${problem.title}`);
    this.problem = problem;
  }
}

/** No answer of ours came: network, timeout, something else answered. The outcome is unknown. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
}

export type ApiClient = <E extends Endpoint>(
  endpoint: E,
  ...given: Given<E>
) => Promise<z.output<E['answer']>>;

/** `base` is the origin of the API; throws `ApiProblem` or `ApiUnreachable`. */
export function createApiClient(options: {
  base: string;
  fetch: typeof globalThis.fetch;
  headers?: () => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}): ApiClient {
  return async (endpoint, ...[wants]) => {
    const { params, query, body, headers, signal } = wants ?? {};
    const response = await options
      .fetch(new URL(addressOf(endpoint, params, query), options.base), {
        method: endpoint.method,
        headers: {
          accept: endpoint.media ?? 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(await options.headers?.()),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      })
      .catch((cause: unknown) => {
        throw new ApiUnreachable(`${endpoint.method} ${endpoint.path}: no answer`, { cause });
      });
    return readAnswer(endpoint, response);
  };
}

/** Path and query of a call. */
export function addressOf(endpoint: Endpoint, params?: unknown, query?: unknown): string {
  const values = new Map(Object.entries(params ?? {}));
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(values.get(name))),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

async function readAnswer<E extends Endpoint>(
  endpoint: E,
  response: Response,
): Promise<z.output<E['answer']>> {
  const text = await response.text();
  const json = parse(text);
  if (!response.ok) {
    const problem = ProblemWire.safeParse(json);
    if (problem.success) throw new ApiProblem(problem.data);
    throw new ApiUnreachable(`${endpoint.path}: ${String(response.status)} without a problem`);
  }
  const answer = endpoint.answer.safeParse(endpoint.media === 'text/csv' ? text : json);
  if (!answer.success) throw new ApiUnreachable(`${endpoint.path}: the answer has another shape`);
  return answer.data as z.output<E['answer']>; // parsed by this very schema
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
