/**
 * What thin clients of vendors' JSON APIs do alike: one call over the shared client, through the
 * vendor's breaker, and the one place where statuses of HTTP become our errors. Nothing is repeated
 * here: whether a repeat is safe is known to the vendor's adapter alone.
 */
import type { Clock } from '@opora/kernel';
import { z } from 'zod';
import { DependencyOpen, type Breaker } from '../../../platform/breaker/port.ts';
import {
  NetworkFailed,
  retryAfterMs,
  type HttpCall,
  type HttpClient,
  type HttpReply,
} from '../../../platform/http-client/index.ts';
import { ProviderProtocolError, ProviderUnavailable } from '../errors.ts';
import { CALL_TIMEOUT_MS } from '../provider.ts';

export type ApiDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

type ApiCall = Readonly<{
  /** Relative to the base address. */
  path: string;
  query?: Readonly<Record<string, string>>;
  /** Sent as JSON; absent: no body. */
  body?: unknown;
}>;

/** An answer with JSON, whatever it says: 2xx, or a refusal the vendor's adapter reads. */
export type ApiAnswer = Readonly<{ status: number; json: unknown }>;

export interface JsonApi {
  /** Throws `ProviderUnavailable` and `ProviderProtocolError`; other refusals are answers. */
  call(method: HttpCall['method'], call: ApiCall): Promise<ApiAnswer>;
}

/** `headers` is asked at each call, so that a secret is revealed only while it is sent. */
export function createJsonApi(
  vendor: Readonly<{ name: string; apiUrl: string; headers: () => Record<string, string> }>,
  deps: ApiDeps,
): JsonApi {
  const base = new URL(vendor.apiUrl.endsWith('/') ? vendor.apiUrl : `${vendor.apiUrl}/`);
  const unavailableFor = (error: unknown, kind: typeof NetworkFailed | typeof DependencyOpen) => {
    if (!(error instanceof kind)) throw error;
    throw new ProviderUnavailable(`${vendor.name}: ${error.message}`, { cause: error });
  };
  return {
    async call(method, { path, query = {}, body }) {
      const url = new URL(path, base);
      for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
      const asked = { method, url, headers: vendor.headers(), timeoutMs: CALL_TIMEOUT_MS };
      try {
        return await deps.breaker.run(async () => {
          // Translated inside: the breaker counts what is `ProviderUnavailable`.
          const reply = await deps.http
            .call(body === undefined ? asked : { ...asked, body })
            .catch((error: unknown) => unavailableFor(error, NetworkFailed));
          return judge(vendor.name, reply, deps.clock);
        });
      } catch (error) {
        return unavailableFor(error, DependencyOpen);
      }
    },
  };
}

function judge(vendor: string, reply: HttpReply, clock: Clock): ApiAnswer {
  const facts = { status: reply.status };
  const says = (message: string): string => `${vendor}: ${message} (${String(reply.status)})`;
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw new ProviderUnavailable(says('vendor is busy or failing'), {
      facts,
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  }
  if (reply.status === 401 || reply.status === 403) {
    throw new ProviderProtocolError(says('credentials refused'), { facts });
  }
  // Anybody's page (a proxy, a wrong base address) must not read as an answer of the vendor.
  if (reply.json === undefined) {
    throw new ProviderProtocolError(says('answer is not JSON'), { facts });
  }
  return { status: reply.status, json: reply.json };
}

/** Reads an answer as `schema`; throws `ProviderProtocolError`, which names places, never values. */
export function readAs<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new ProviderProtocolError(`answer is no ${what} (${where.slice(0, 200)})`);
}

/** A sum in whole minor units: exact, never negative, never a fraction or a text. */
export const minorUnits = z
  .union([z.int().nonnegative(), z.bigint().nonnegative()])
  .transform((value) => BigInt(value));

/** A link we may show: a page of the web, nothing else. */
export const webLink = z.url({ protocol: /^https?$/ }).max(2_000);

/** Cut to what the vendor takes, never through the middle of a character outside the BMP. */
export function fit(text: string, unitsMax: number): string {
  return text.slice(0, unitsMax).replace(/[\ud800-\udbff]$/, '');
}
