import type { World } from '../world.ts';
import { ApiError, type Update } from './bot-api.ts';
import type { Call, Result } from './call.ts';
import type { UpdateQueue } from './update-queue.ts';
import { readAllowed, type WebhookStore } from './webhook-settings.ts';

const UPDATES_MAX = 100;
const POLL_MAX_SECONDS = 50;

export interface Polling {
  getUpdates(call: Call): Promise<Result>;
  /** A webhook was set: a poll under way ends with 409. */
  end(): void;
}

/** `getUpdates` over the same queue the webhook empties; an offset confirms what lies before it. */
export function createPolling(deps: {
  world: World;
  queue: UpdateQueue;
  settings: WebhookStore;
}): Polling {
  const { world, queue, settings } = deps;
  let polling: AbortController | undefined;
  let arrived = new AbortController();
  queue.onAdded(() => {
    arrived.abort();
    arrived = new AbortController();
  });

  function take(offset: number, limit: number): Update[] {
    queue.expire();
    const pending = queue.all();
    const from = offset < 0 ? (pending.at(offset)?.update.update_id ?? 0) : offset;
    for (const { update } of pending) {
      if (update.update_id >= from) break;
      queue.finish(update.update_id);
    }
    return queue.first(limit).map((row) => row.update);
  }

  async function getUpdates({ params, gone }: Call): Promise<Result> {
    refuseWithWebhook(settings);
    const allowed = readAllowed(params.object('allowed_updates'));
    if (allowed !== undefined) settings.write({ ...settings.read(), allowed });
    polling?.abort();
    const mine = new AbortController();
    polling = mine;
    const limit = Math.min(UPDATES_MAX, Math.max(1, params.number('limit') ?? UPDATES_MAX));
    const seconds = Math.min(POLL_MAX_SECONDS, Math.max(0, params.number('timeout') ?? 0));
    const ready = take(params.number('offset') ?? 0, limit);
    if (ready.length > 0 || seconds === 0) return { result: ready };
    await world.clock.sleep(seconds * 1_000, AbortSignal.any([mine.signal, arrived.signal, gone]));
    refuseWithWebhook(settings);
    if (mine.signal.aborted) {
      throw new ApiError(
        409,
        'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      );
    }
    return { result: queue.first(limit).map((row) => row.update) };
  }

  return {
    getUpdates,
    end: () => {
      polling?.abort();
    },
  };
}

function refuseWithWebhook(settings: WebhookStore): void {
  if (settings.read().url === '') return;
  throw new ApiError(
    409,
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
  );
}
