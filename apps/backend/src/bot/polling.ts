/** Asking Telegram for updates where it cannot call us: one elected process, the same inbox. */
import type { Clock } from '@opora/kernel';
import type { ProcessLease } from '../platform/jobs/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { TelegramApi } from '../platform/telegram/index.ts';
import type { Inbox } from './inbox.ts';
import { addressOf, ALLOWED_UPDATES, readJson } from './incoming.ts';

/** Longer than a poll and a commit, so that a healthy poller never loses it. */
export const POLL_LEASE_MS = 45_000;
const POLL_WAIT_S = 20;
const POLL_BATCH = 100;
const NEXT_TRY_MS = 5_000;

export function startPolling(deps: {
  telegram: TelegramApi;
  lease: ProcessLease;
  inbox: Inbox;
  clock: Clock;
  log: Log;
}): { stop(): Promise<void> } {
  const { telegram, lease, clock, log } = deps;
  const stopping = new AbortController();
  let fence: bigint | undefined;
  /** Undefined: the oldest unconfirmed one. Never taken from the table: Telegram may restart ids. */
  let offset: number | undefined;

  async function poll(): Promise<void> {
    const held = await lease.hold();
    if (held === undefined) {
      fence = undefined;
      await clock.sleep(NEXT_TRY_MS, stopping.signal);
      return;
    }
    if (held !== fence) {
      await telegram.call.deleteWebhook({ drop_pending_updates: false });
      log.info('this process polls Telegram');
      [fence, offset] = [held, undefined];
    }
    const updates = await telegram.call.getUpdates(
      {
        ...(offset === undefined ? {} : { offset }),
        timeout: POLL_WAIT_S,
        limit: POLL_BATCH,
        allowed_updates: ALLOWED_UPDATES,
      },
      stopping.signal as Parameters<typeof telegram.call.getUpdates>[1], // grammY names an older twin of the same type
    );
    // The next call confirms them, so all of them are committed first.
    await Promise.all(updates.map(store));
    const last = updates.at(-1);
    if (last !== undefined) offset = last.update_id + 1;
  }

  async function store(update: unknown): Promise<void> {
    const body = readJson(JSON.stringify(update));
    const address = addressOf(body);
    if (address === undefined) return;
    await deps.inbox.store({ botId: telegram.botId, ...address, body: JSON.stringify(body) });
  }

  async function waitAfter(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return;
    log.warn({ err: error }, 'polling Telegram failed');
    await clock.sleep(NEXT_TRY_MS, stopping.signal);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) await poll().catch(waitAfter);
    await lease.release().catch(() => undefined);
  }

  const running = loop();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
