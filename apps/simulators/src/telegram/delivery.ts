import { STATUS_CODES } from 'node:http';
import { request } from 'undici';
import { parseJson } from '../http.ts';
import type { World } from '../world.ts';
import type { Update } from './bot-api.ts';
import type { WebhookSettings } from './webhook-settings.ts';

export const ANSWER_TIMEOUT_MS = 10_000;

/** Runs a method that the bot put into its answer to an update. */
export type OnReply = (method: string, params: Record<string, unknown>) => void;

/**
 * Posts one update once and notes it for the inspector; answers what went wrong, `undefined` when
 * the bot took it. `tries` is left out for an update sent beside its queue.
 */
export type Deliver = (
  target: WebhookSettings,
  update: Update,
  chatId: number,
  tries?: number,
) => Promise<string | undefined>;

/** `stopping` ends what is under way; such a delivery is neither noted nor counted. */
export function createDelivery(world: World, onReply: OnReply, stopping: AbortSignal): Deliver {
  return async (target, update, chatId, tries) => {
    const started = world.clock.monotonicMs();
    const answer = await post(target, update, stopping);
    if (stopping.aborted) return 'stopped';
    const lost = answer.failure === undefined && world.faults.strikes('telegram', 'drop-webhook');
    const failure = lost ? 'Connection was lost before the answer' : answer.failure;
    world.journal.add({
      target: 'telegram',
      direction: 'to-us',
      summary: `${typeOf(update)} ${answer.status === 0 ? 'no answer' : String(answer.status)}`,
      detail: {
        kind: 'update',
        chatId,
        updateId: update.update_id,
        update,
        status: answer.status,
        ...(failure === undefined ? {} : { failure }),
        ...(tries === undefined ? { beside: true } : { tries }),
        ms: Math.round(world.clock.monotonicMs() - started),
      },
    });
    if (failure === undefined && answer.reply !== undefined) {
      const { method, ...params } = answer.reply;
      onReply(String(method), params);
    }
    return failure;
  };
}

export const typeOf = (update: Update): string =>
  Object.keys(update).find((key) => key !== 'update_id') ?? 'update';

type PostAnswer = Readonly<{
  /** 0 when nothing came back. */
  status: number;
  failure: string | undefined;
  reply?: Record<string, unknown>;
}>;

async function post(
  target: WebhookSettings,
  update: Update,
  stopping: AbortSignal,
): Promise<PostAnswer> {
  const limit = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  try {
    const response = await request(target.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(target.secret === undefined
          ? {}
          : { 'x-telegram-bot-api-secret-token': target.secret }),
      },
      body: JSON.stringify(update),
      signal: AbortSignal.any([limit, stopping]),
    });
    const body = Buffer.from(await response.body.arrayBuffer());
    const status = response.statusCode;
    if (status < 200 || status > 299) {
      const words = `Wrong response from the webhook: ${String(status)} ${STATUS_CODES[status] ?? ''}`;
      return { status, failure: words.trim() };
    }
    const reply = parseJson(body);
    const asked = typeof reply === 'object' && reply !== null && 'method' in reply;
    return { status, failure: undefined, ...(asked ? { reply: { ...reply } } : {}) };
  } catch (error) {
    return { status: 0, failure: limit.aborted ? 'Read timeout expired' : wordsOf(error) };
  }
}

function wordsOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'Connection refused';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'Connection reset by peer';
  return `Connection failed ${code}`.trim();
}
