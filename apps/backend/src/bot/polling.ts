/**
 * Asking Telegram for updates where it cannot call us: one elected process, the same inbox.
 *
 * Telegram forgets what lies before the offset of a call, so an offset is only named when all that
 * lies before it has been committed: what a killed poller had fetched comes again to the next one.
 * A second poller for a moment (an election during a freeze) therefore costs a 409 and nothing else.
 */
import { OperationalError, type Clock } from '@opora/kernel';
import type { ProcessLease } from '../platform/jobs/index.ts';
import type { Log } from '../platform/log/index.ts';
import { receiverInstead, type TelegramApi } from '../platform/telegram/index.ts';
import type { Inbox } from './inbox.ts';
import { addressOf, ALLOWED_UPDATES } from './incoming.ts';
import type { StoredUpdate } from './repository.ts';
import type { StarsDesk } from './stars.ts';

/** A killed poller is followed by another within this and `STANDBY_MS`. */
export const POLL_LEASE_MS = 6_000;
const RENEW_MS = 2_000;
const STANDBY_MS = 1_000;
const AFTER_FAILURE_MS = 3_000;
const POLL_WAIT_S = 20;
const POLL_BATCH = 100;

type Deps = Readonly<{
  telegram: TelegramApi;
  lease: ProcessLease;
  inbox: Inbox;
  /** Absent: everything goes to the inbox. */
  stars?: StarsDesk;
  clock: Clock;
  log: Log;
}>;

export function startPolling(deps: Deps): { stop(): Promise<void> } {
  const { lease, clock, log } = deps;
  const stopping = new AbortController();

  /** Polls for as long as this process holds the lease; throws when something is in the way. */
  async function takeTurn(): Promise<void> {
    const fence = await lease.hold();
    if (fence === undefined) {
      await clock.sleep(STANDBY_MS, stopping.signal);
      return;
    }
    const over = new AbortController();
    const turn = AbortSignal.any([over.signal, stopping.signal]);
    const renewing = keepLease(fence, over);
    try {
      await poll(deps, turn);
    } catch (error) {
      // When the turn is over, the call was cut off by us or by our successor's call.
      if (!turn.aborted && (await isOurs(fence))) throw error;
    } finally {
      over.abort();
      await renewing;
    }
  }

  async function keepLease(fence: bigint, over: AbortController): Promise<void> {
    const turn = AbortSignal.any([over.signal, stopping.signal]);
    for (;;) {
      await clock.sleep(RENEW_MS, turn);
      if (turn.aborted) return;
      if (!(await isOurs(fence))) over.abort();
    }
  }

  /** Renews the lease; false when another process may poll now. */
  async function isOurs(fence: bigint): Promise<boolean> {
    if ((await lease.hold().catch(() => undefined)) === fence) return true;
    log.warn('the lease of polling is lost: another process may poll now');
    return false;
  }

  async function waitAfter(error: unknown): Promise<void> {
    if (stopping.signal.aborted) return;
    log.warn({ err: error }, explain(error));
    const asked = error instanceof OperationalError ? (error.retryAfterMs ?? 0) : 0;
    await clock.sleep(Math.max(AFTER_FAILURE_MS, asked), stopping.signal);
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) await takeTurn().catch(waitAfter);
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

async function poll(deps: Deps, turn: AbortSignal): Promise<void> {
  const { telegram, inbox, log } = deps;
  await removeWebhook(deps);
  log.info('this process polls Telegram');
  /** Undefined: the oldest unconfirmed one. Never taken from the table: Telegram may restart ids. */
  let offset: number | undefined;
  while (!turn.aborted) {
    const updates = await telegram.call.getUpdates(
      {
        ...(offset === undefined ? {} : { offset }),
        timeout: POLL_WAIT_S,
        limit: POLL_BATCH,
        allowed_updates: ALLOWED_UPDATES,
      },
      turn as Parameters<typeof telegram.call.getUpdates>[1], // grammY names an older twin of the same type
    );
    const others = await withoutStars(deps, updates);
    // Together: a later one of a chat must never be there before an earlier one.
    await inbox.storeTogether(others.flatMap((update) => rowOf(telegram.botId, update)));
    const last = updates.at(-1);
    if (last !== undefined) offset = last.update_id + 1;
  }
}

/** First of all, and all at once: a question of Telegram's may be among them. */
async function withoutStars(deps: Deps, updates: readonly unknown[]): Promise<unknown[]> {
  const taken = await Promise.all(
    updates.map(async (body) =>
      deps.stars?.take({ body, bytes: Buffer.from(JSON.stringify(body)), from: 'polled' }),
    ),
  );
  return updates.filter((_update, at) => taken[at] === undefined);
}

/** While a webhook is set Telegram answers 409 to whoever asks; what waits there is kept. */
async function removeWebhook({ telegram, log }: Deps): Promise<void> {
  const { url } = await telegram.call.getWebhookInfo();
  if (url === undefined || url === '') return;
  await telegram.call.deleteWebhook({ drop_pending_updates: false });
  // Its path may hold somebody's secret.
  const { host } = new URL(url);
  log.warn({ host }, 'a webhook of this bot was removed: without OPORA_PUBLIC_URL it polls');
}

function rowOf(botId: bigint, update: unknown): StoredUpdate[] {
  const address = addressOf(update);
  return address === undefined ? [] : [{ botId, ...address, body: JSON.stringify(update) }];
}

function explain(error: unknown): string {
  const receiver = receiverInstead(error);
  if (receiver === 'webhook') {
    return 'somebody set a webhook for this bot: it is removed at the next try';
  }
  if (receiver === 'poller') {
    return 'another program asks Telegram for the updates of this bot: end it, or give it its own bot';
  }
  return 'polling Telegram failed';
}
