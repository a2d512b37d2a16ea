import type { World } from '../world.ts';
import type { Update } from './bot-api.ts';
import { createDelivery, type OnReply } from './delivery.ts';
import type { PendingUpdate, UpdateQueue } from './update-queue.ts';
import type { WebhookStore } from './webhook-settings.ts';

/** Pauses before the next tries; the last one repeats until a day has passed. */
export const REPEATS_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000] as const;
/** Nothing is due: the loop sleeps until it is woken. */
const IDLE_MS = 3_600_000;

export interface Webhook {
  /** Something changed (a new update, another address): look at the queue now. */
  nudge(): void;
  /** Sends one update again beside the queue, whatever became of it; for the inspector. */
  sendBeside(update: Update, chatId: number): Promise<string>;
  start(): void;
  stop(): Promise<void>;
}

type WebhookParts = Readonly<{
  world: World;
  queue: UpdateQueue;
  settings: WebhookStore;
  onReply: OnReply;
}>;

/**
 * Delivers updates as Telegram does: the next update of a chat only after the previous one got a
 * 2xx, chats in parallel up to `max_connections`, every failure repeated with growing pauses.
 * `onReply` runs a method that the bot put into its answer.
 */
export function createWebhook(deps: WebhookParts): Webhook {
  const { world, queue, settings } = deps;
  const busy = new Set<string>();
  const stopping = new AbortController();
  const deliver = createDelivery(world, deps.onReply, stopping.signal);
  let wake = new AbortController();
  let loop: Promise<void> | undefined;

  async function attempt(row: PendingUpdate): Promise<void> {
    const current = settings.read();
    const twice = row.twice && row.tries === 0;
    const again = twice ? deliver(current, row.update, row.chatId) : undefined;
    const failure = await deliver(current, row.update, row.chatId, row.tries + 1);
    await again;
    busy.delete(row.line);
    if (stopping.signal.aborted) return;
    if (failure === undefined) queue.finish(row.update.update_id);
    else repeatLater(deps, row, failure);
    wake.abort();
  }

  /** Starts every delivery that is due; answers how long nothing more will be. */
  function startDue(): number {
    const { url, maxConnections } = settings.read();
    if (url === '') return IDLE_MS;
    queue.expire();
    const now = world.clock.now().getTime();
    let wait = IDLE_MS;
    for (const row of queue.heads()) {
      if (busy.size >= maxConnections) break;
      if (busy.has(row.line)) continue;
      if (row.dueAt > now) wait = Math.min(wait, row.dueAt - now);
      else {
        busy.add(row.line);
        void attempt(row);
      }
    }
    return wait;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      wake = new AbortController();
      const wait = startDue();
      await world.clock.sleep(wait, AbortSignal.any([wake.signal, stopping.signal]));
    }
  }

  return {
    nudge: () => {
      wake.abort();
    },
    async sendBeside(update, chatId) {
      const target = settings.read();
      if (target.url === '') return 'no webhook is set';
      return (await deliver(target, update, chatId)) ?? 'taken';
    },
    start() {
      queue.onAdded(() => {
        wake.abort();
      });
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

/** The update stays first in its line and is due again after the next pause. */
function repeatLater(
  { world, queue, settings }: Pick<WebhookParts, 'world' | 'queue' | 'settings'>,
  row: PendingUpdate,
  failure: string,
): void {
  const now = world.clock.now().getTime();
  const pause = REPEATS_MS[Math.min(row.tries, REPEATS_MS.length - 1)] ?? 0;
  queue.save({ ...row, tries: row.tries + 1, dueAt: now + pause });
  settings.write({ ...settings.read(), lastErrorAt: now, lastError: failure });
}
