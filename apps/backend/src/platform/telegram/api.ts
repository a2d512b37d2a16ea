import { assert, type Clock, type Secret } from '@opora/kernel';
import { Api, InputFile } from 'grammy';
import { Pool } from 'undici';
import { z } from 'zod';
import { parseJson } from '../json/index.ts';
import { DependencyOpen, type Breaker } from '../breaker/port.ts';
import type { Log } from '../log/index.ts';
import { TelegramRefused, TelegramUnavailable } from './errors.ts';

export interface TelegramApi {
  /** Every method of the Bot API; throws `TelegramUnavailable` or `TelegramRefused`. */
  readonly call: Api['raw'];
  /** The number before the colon of the token: who this bot is, known without asking. */
  readonly botId: bigint;
  close(): Promise<void>;
}

const CALL_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 3_000;
const CONNECTIONS_MAX = 32;
const KEEP_ALIVE_MS = 15_000;
/** Longest wait while the breaker is open: staff may hold it for a day and let it go sooner. */
const AWAY_ASK_AGAIN_MS = 60_000;
/** A reason of ours: without one an error with its stack is built for each call. */
const IN_TIME = 'in time';
/** Largest answer: a hundred updates of a long poll. */
const ANSWER_MAX_BYTES = 8 * 1024 * 1024;

const answerSchema = z.looseObject({
  ok: z.boolean(),
  error_code: z.number().int().optional(),
  description: z.string().optional(),
  parameters: z
    .looseObject({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() })
    .optional(),
});

/** The client of the configured bot; undefined when there is no token. */
export function createTelegramApi(deps: {
  config: { readonly token: Secret | undefined; readonly apiUrl: string };
  clock: Clock;
  log: Log;
  /** Absent: every call goes out. */
  breaker?: Pick<Breaker, 'run'>;
}): TelegramApi | undefined {
  const { clock, log, breaker } = deps;
  const token = deps.config.token?.reveal();
  if (token === undefined) {
    log.warn('no TELEGRAM_BOT_TOKEN: nothing is sent to Telegram');
    return undefined;
  }
  const number = /^(\d{1,18}):/.exec(token)?.[1];
  assert(
    number !== undefined,
    'TELEGRAM_BOT_TOKEN is not a token: a number must precede its colon',
  );
  const line = openLine(deps.config.apiUrl, token, clock);
  const api = new Api(token, { apiRoot: deps.config.apiUrl.replace(/\/+$/, '') });
  api.config.use(async (next, method, payload, signal) => {
    // Files need grammY's own multipart; everything else goes over the pool.
    if (holdsFile(payload)) return next(method, payload, signal);
    const ended = signal as AbortSignal | undefined; // grammY names an older twin of the same type
    const call = async () => judge(method, await line.exchange(method, payload, ended));
    const isLongPoll = waitOf(payload) > 0;
    return (await (isLongPoll ? call() : guarded(breaker, method, call))) as never; // the type of a result is its method's; grammY gives it to callers
  });

  return {
    call: api.raw,
    botId: BigInt(number),
    close: () => line.close(),
  };
}

/** One pool to the address of the Bot API. `exchange` throws `TelegramUnavailable` when nothing came back. */
function openLine(apiUrl: string, token: string, clock: Clock) {
  const base = new URL(apiUrl);
  const prefix = `${base.pathname.replace(/\/+$/, '')}/bot${token}/`;
  const pool = new Pool(base.origin, {
    connections: CONNECTIONS_MAX,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: ANSWER_MAX_BYTES,
  });

  async function exchange(
    method: string,
    payload: unknown,
    signal: AbortSignal | undefined,
  ): Promise<{ status: number; text: string }> {
    const late = new AbortController();
    const ended = new AbortController();
    void clock.sleep(CALL_TIMEOUT_MS + waitOf(payload), ended.signal).then(() => {
      if (!ended.signal.aborted) late.abort();
    });
    try {
      const response = await pool.request({
        method: 'POST',
        path: prefix + method,
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(payload ?? {}),
        signal: signal === undefined ? late.signal : AbortSignal.any([late.signal, signal]),
      });
      return { status: response.statusCode, text: await response.body.text() };
    } catch (error) {
      // The cause is kept out: what undici knows of a request includes its path, and so the token.
      throw new TelegramUnavailable(
        `${method}: ${late.signal.aborted ? 'no answer in time' : nameOf(error)}`,
      );
    } finally {
      ended.abort(IN_TIME);
    }
  }

  return { exchange, close: () => pool.close() };
}

async function guarded(
  breaker: Pick<Breaker, 'run'> | undefined,
  method: string,
  call: () => Promise<unknown>,
): Promise<unknown> {
  if (breaker === undefined) return await call();
  try {
    return await breaker.run(call);
  } catch (error) {
    if (!(error instanceof DependencyOpen)) throw error;
    const retryAfterMs = Math.min(error.retryAfterMs ?? 0, AWAY_ASK_AGAIN_MS);
    throw new TelegramUnavailable(`${method}: ${error.message}`, { retryAfterMs });
  }
}

/** A result as it came, or the fault as our own error: grammY's would carry the whole payload. */
function judge(method: string, reply: { status: number; text: string }): unknown {
  const told = parseJson(reply.text);
  if (isFine(told)) return told;
  const answer = answerSchema.safeParse(told).data;
  if (answer === undefined || answer.ok) {
    throw new TelegramUnavailable(`${method}: ${String(reply.status)} without a readable answer`, {
      facts: { status: reply.status },
    });
  }
  const status = answer.error_code ?? reply.status;
  const description = answer.description ?? 'no description';
  const wait = answer.parameters?.retry_after;
  // 401 and 404 say that the token is wrong: mended by the operator, so what waits may wait.
  if (status === 429 || status >= 500 || status === 401 || status === 404) {
    throw new TelegramUnavailable(`${method}: ${String(status)} ${description}`, {
      facts: { status },
      ...(status === 429 ? { retryAfterMs: Math.max(1, wait ?? 1) * 1_000 } : {}),
    });
  }
  throw new TelegramRefused(method, {
    status,
    description,
    migratedTo: answer.parameters?.migrate_to_chat_id,
  });
}

function isFine(told: unknown): boolean {
  return typeof told === 'object' && told !== null && 'ok' in told && told.ok === true;
}

/** A long poll names its own wait in seconds; 0 for everything else. */
function waitOf(payload: unknown): number {
  const wait =
    typeof payload === 'object' && payload !== null && 'timeout' in payload ? payload.timeout : 0;
  return typeof wait === 'number' ? wait * 1_000 : 0;
}

/** Walks the values: `JSON.stringify` would throw on a file. Payloads are ours, so they are shallow. */
function holdsFile(value: unknown): boolean {
  if (value instanceof InputFile) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFile);
}

/** Codes say enough and hold no address of ours; texts of sockets are not copied. */
function nameOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return error instanceof Error ? error.name : 'failed';
}
