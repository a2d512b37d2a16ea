/**
 * HTTP to T-Kassa: every call is a POST of JSON with our terminal and a token, every answer has
 * `Success` and `ErrorCode`, and errors come with HTTP 200. This is the one place where the codes
 * become our errors. Nothing is repeated here.
 */
import type { Clock, Secret } from '@opora/kernel';
import { z } from 'zod';
import { DependencyOpen, type Breaker } from '../../../../platform/breaker/port.ts';
import {
  NetworkFailed,
  retryAfterMs,
  type HttpClient,
  type HttpReply,
} from '../../../../platform/http-client/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
} from '../../errors.ts';
import { CALL_TIMEOUT_MS } from '../../provider.ts';
import { tokenOf, type Fields } from './token.ts';

/** How much of a vendor's sentence is kept in an error. */
const DETAIL_MAX = 200;

/** Wrong token, unknown or blocked terminal: nothing will work before somebody mends the settings. */
const CREDENTIALS = new Set(['202', '204', '205', '501']);
/** The bank's own faults and its "try later". */
const PASSING = new Set(['21', '401', '402', '9999']);
/** No such order, no such payment. */
const MISSING = new Set(['7', '335']);
/** The order id was used before. */
const DUPLICATE = new Set(['8', '20']);

const answerSchema = z.object({
  Success: z.boolean(),
  ErrorCode: z.union([z.string().max(32), z.int()]).transform(String),
  Message: z.string().nullish(),
  Details: z.string().nullish(),
});
type Answer = z.infer<typeof answerSchema>;

export type ClientDeps = Readonly<{
  http: HttpClient;
  breaker: Pick<Breaker, 'run'>;
  clock: Clock;
}>;

export type Terminal = Readonly<{ apiUrl: string; terminalKey: string; password: Secret }>;

type Method =
  | 'Init'
  | 'GetState'
  | 'CheckOrder'
  | 'Confirm'
  | 'Cancel'
  | 'Charge'
  | 'GetCardList'
  | 'RemoveCard';
/** Those that ask about something the bank may not know. */
const ASKS: ReadonlySet<Method> = new Set(['GetState', 'CheckOrder', 'GetCardList', 'RemoveCard']);
/** Those whose unsuccessful answer may still be the state of a payment. */
const TELLS: ReadonlySet<Method> = new Set(['GetState', 'Charge']);

export interface TkassaClient {
  /**
   * A good answer, or `ProviderRefused`, `ProviderUnavailable`, `ProviderProtocolError`; questions
   * also `ProviderPaymentMissing`. `ProviderUnavailable` of `Init` also means: the order id is
   * taken, so an earlier call arrived.
   */
  call(method: Method, fields: Fields): Promise<unknown>;
}

export function createClient(terminal: Terminal, deps: ClientDeps): TkassaClient {
  const { apiUrl, terminalKey, password } = terminal;
  const base = new URL(apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`);
  return {
    async call(method, fields) {
      const signed = { TerminalKey: terminalKey, ...fields };
      const body = { ...signed, Token: tokenOf(signed, password) };
      const url = new URL(method, base);
      try {
        return await deps.breaker.run(async () =>
          judge(
            await deps.http.call({ method: 'POST', url, body, timeoutMs: CALL_TIMEOUT_MS }),
            method,
            deps.clock,
          ),
        );
      } catch (error) {
        if (error instanceof NetworkFailed || error instanceof DependencyOpen) {
          throw new ProviderUnavailable(`tkassa: ${error.message}`, { cause: error });
        }
        // Outside the breaker: the bank is well, an earlier call of ours arrived there.
        if (method === 'Init' && error instanceof ProviderRefused && isDuplicate(error)) {
          throw new ProviderUnavailable('tkassa: the order is started already', { cause: error });
        }
        throw error;
      }
    },
  };
}

function judge(reply: HttpReply, method: Method, clock: Clock): unknown {
  if (reply.status === 429 || reply.status >= 500) {
    const wait = retryAfterMs(reply.headers['retry-after'], clock.now());
    throw new ProviderUnavailable(`tkassa: vendor is busy or failing (${String(reply.status)})`, {
      facts: { status: reply.status },
      ...(wait === undefined ? {} : { retryAfterMs: wait }),
    });
  }
  // The one good answer without `Success`.
  const isList = method === 'GetCardList' && Array.isArray(reply.json);
  if (isList && reply.status === 200) return reply.json;
  const said = answerSchema.safeParse(reply.json);
  // A proxy's page or a wrong base address must not read as a word of the bank.
  if (!said.success || (reply.status >= 300 && reply.status < 400)) {
    throw protocol("answer is not the vendor's", { status: reply.status });
  }
  if (said.data.Success && said.data.ErrorCode === '0') return reply.json;
  if (TELLS.has(method) && isStateOfFailed(reply.json)) return reply.json;
  throw refusal(said.data, method, reply.status);
}

function refusal(answer: Answer, method: Method, status: number): Error {
  const code = answer.ErrorCode;
  const facts = { status, vendorCode: code };
  const words = [answer.Message, answer.Details].filter(Boolean).join(' ');
  const detail = `tkassa: ${method} ${code}: ${words.slice(0, DETAIL_MAX)}`;
  if (answer.Success) return protocol(`${method} is good and has error ${code}`, facts);
  if (CREDENTIALS.has(code) || status === 401 || status === 403) {
    return protocol('credentials refused (terminal key or password)', {
      ...facts,
      // Refusals come with 200 here: the status alone would not tell.
      refuses: 'credentials',
    });
  }
  if (ASKS.has(method) && MISSING.has(code)) return new ProviderPaymentMissing(detail, { facts });
  if (PASSING.has(code)) return new ProviderUnavailable(detail, { facts });
  return new ProviderRefused(detail, { facts });
}

function isDuplicate({ facts }: ProviderRefused): boolean {
  return DUPLICATE.has(String(facts['vendorCode']));
}

/** A declined card may show as an unsuccessful answer that still names the payment and its state. */
function isStateOfFailed(json: unknown): boolean {
  const failed = z.object({
    PaymentId: z.unknown().refine(Boolean),
    Status: z.enum(['REJECTED', 'AUTH_FAIL', 'DEADLINE_EXPIRED', 'CANCELED', 'REVERSED']),
  });
  return failed.safeParse(json).success;
}

function protocol(
  message: string,
  facts: Readonly<Record<string, string | number>>,
): ProviderProtocolError {
  return new ProviderProtocolError(`tkassa: ${message}`, { facts });
}
