/**
 * HTTP to the panel: the headers without which it cuts the connection, the bearer token, what a
 * proxy before it wants, and the one place where its answers become outcomes or errors. Nothing is
 * repeated here. Status first, then shape: five error shapes exist, and only the panel's own one
 * (with an `errorCode`) may say that something is missing.
 */
import type { Clock, Secret } from '@opora/kernel';
import { z } from 'zod';
import { DependencyOpen, type Breaker } from '../../../../platform/breaker/port.ts';
import {
  NetworkFailed,
  retryAfterMs,
  type HttpCall,
  type HttpClient,
  type HttpReply,
} from '../../../../platform/http-client/index.ts';
import { PanelCredentialsRefused, PanelMisconfigured, PanelUnavailable } from '../../errors.ts';
import { PANEL_TIMEOUT_MS } from '../../panel.ts';

/** How much of a panel's sentence is kept in an error. */
const DETAIL_MAX = 200;
/** Codes of a 404 that mean "no such user"; any other 404 is somebody else's. */
const MISSING_CODES: readonly string[] = ['A025', 'A062', 'A063'];
/** In production mode the panel destroys sockets of requests without both. */
const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' } as const;

const successSchema = z.looseObject({ response: z.unknown() });
const refusalSchema = z.object({
  message: z.string(),
  errorCode: z.string().max(16).optional(),
  statusCode: z.number().optional(),
  errors: z
    .array(z.object({ path: z.array(z.union([z.string(), z.number()])) }))
    .optional()
    .catch(undefined),
});

export type PanelAnswer =
  | Readonly<{ outcome: 'done'; response: unknown }>
  | Readonly<{ outcome: 'missing' }>
  | Readonly<{
      outcome: 'refused';
      status: number;
      /** The panel's code, `A019`; undefined for a failed validation. */
      code: string | undefined;
      detail: string;
    }>;

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

/** Throws `PanelUnavailable`, `PanelCredentialsRefused` or `PanelMisconfigured`. */
export type PanelCall = (
  method: HttpCall['method'],
  path: string,
  body?: unknown,
) => Promise<PanelAnswer>;

/** An extra header set that is no JSON object of texts; the value is a secret and not shown. */
export class PanelHeadersInvalid extends Error {
  override readonly name = 'PanelHeadersInvalid';
}

export function createClient(
  panel: Readonly<{
    url: string;
    token: Secret;
    headers: Secret | undefined;
    cookie: Secret | undefined;
  }>,
  deps: ClientDeps,
): PanelCall {
  const base = panel.url.replace(/\/+$/, '');
  // Wrapped again so that inspecting a client shows no header.
  const gate = parseGateHeaders(panel.headers);
  const headers = (): Record<string, string> => ({
    ...gate?.reveal(),
    ...(panel.cookie === undefined ? {} : { cookie: panel.cookie.reveal() }),
    ...FORWARDED,
    authorization: `Bearer ${panel.token.reveal()}`,
  });

  return async (method, path, body) => {
    const call = { method, url: new URL(base + path), timeoutMs: PANEL_TIMEOUT_MS, body };
    // Named inside the breaker, which counts what is called unavailable; an open one outside of it.
    return deps.breaker
      .run(async () =>
        judge(await deps.http.call({ ...call, headers: headers() }).catch(away), deps.clock),
      )
      .catch(away);
  };
}

/** What says nothing of the account: no connection, no answer in time, an open breaker. */
function away(error: unknown): never {
  if (error instanceof NetworkFailed || error instanceof DependencyOpen) {
    throw new PanelUnavailable(`remnawave: ${error.message}`, { cause: error });
  }
  throw error;
}

function parseGateHeaders(
  headers: Secret | undefined,
): { reveal(): Record<string, string> } | undefined {
  if (headers === undefined) return undefined;
  const read = (): Record<string, string> => {
    try {
      const value: unknown = JSON.parse(headers.reveal());
      const lowered = z.record(z.string().toLowerCase(), z.string()).safeParse(value);
      if (lowered.success) return lowered.data;
    } catch {
      // Reported below; the parser's own message would quote the secret.
    }
    throw new PanelHeadersInvalid('REMNAWAVE_HEADERS is not a JSON object of texts');
  };
  read();
  return { reveal: read };
}

function judge(reply: HttpReply, clock: Clock): PanelAnswer {
  const { status } = reply;
  if (status >= 500 || status === 429) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw new PanelUnavailable(`remnawave: busy or failing (${describe(reply)})`, {
      facts: { status },
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  }
  if (status === 202 || status === 204) {
    if (reply.text === '') return { outcome: 'done', response: undefined };
  }
  if (status >= 200 && status < 300) {
    const success = successSchema.safeParse(reply.json);
    if (success.success && success.data.response !== undefined) {
      return { outcome: 'done', response: success.data.response };
    }
    throw misconfigured("a success without the panel's envelope", reply);
  }
  const said = refusalSchema.safeParse(reply.json);
  if (status < 400 || !said.success) throw misconfigured("not the panel's answer", reply);
  if (status === 401 || status === 403) {
    throw new PanelCredentialsRefused(`remnawave: token or scope refused (${describe(reply)})`, {
      facts: { status },
    });
  }
  const { errorCode: code, statusCode, errors } = said.data;
  if (code === undefined && (status === 404 || statusCode === undefined)) {
    throw misconfigured('no such route: wrong address or another generation', reply);
  }
  if (status === 404 && code !== undefined && MISSING_CODES.includes(code)) {
    return { outcome: 'missing' };
  }
  const places = errors?.map(({ path }) => path.join('.')).join(', ') ?? '';
  const detail = `${describe(reply)} ${places}`.trim().slice(0, DETAIL_MAX);
  return { outcome: 'refused', status, code, detail };
}

function misconfigured(message: string, reply: HttpReply): PanelMisconfigured {
  return new PanelMisconfigured(`remnawave: ${message} (${describe(reply)})`, {
    facts: { status: reply.status },
  });
}

/** Status, code and sentence of the panel; a page of somebody else is not quoted. */
function describe(reply: HttpReply): string {
  const said = refusalSchema.safeParse(reply.json);
  const words = said.success ? [said.data.errorCode, said.data.message.slice(0, DETAIL_MAX)] : [];
  return [String(reply.status), ...words].filter(Boolean).join(' ');
}
