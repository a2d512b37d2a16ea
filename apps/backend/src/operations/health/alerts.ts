/**
 * Tells staff what happened, over every channel, in order, until it is told. News are on disk
 * before they are sent and leave it after: a death of the monitor in between repeats one message
 * at worst and loses none. A channel that is away delays no other.
 */
import { OperationalError, type Clock, type Language } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';
import type { Channel } from './channel.ts';
import type { Notice } from './incident.ts';
import type { Store } from './store.ts';
import { alertOf } from './words.ts';

const OUTBOX_MAX = 200;
/** It is woken for news; this is for a wake that was lost. */
const LOOK_EVERY_MS = 5_000;
const RETRY_BASE_MS = 1_000;
const RETRY_MAX_MS = 60_000;
/** News nobody could be told for so long say that the monitor itself is not well. */
const UNTOLD_MAX_MS = 5 * 60_000;

export interface Alerts {
  /** The outbox with these news in it; the caller stores it together with what made them. */
  add(outbox: Outbox, notices: readonly Notice[]): Outbox;
  /** Something new is on disk. */
  wake(): void;
  /** Sends until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  isWell(): boolean;
}

export function createAlerts(deps: {
  channels: readonly Channel[];
  store: Store;
  language: Language;
  clock: Clock;
  chance: () => number;
  log: Log;
}): Alerts {
  const { channels, store, clock, log } = deps;
  let bell = new AbortController();

  /** How long to wait before the next try, milliseconds; 0: go on at once. */
  async function tell(channel: Channel, notice: Notice, tries: number): Promise<number> {
    try {
      await channel.send(alertOf(notice, deps.language));
    } catch (error) {
      const about = { channel: channel.name, notice: notice.id, error };
      if (error instanceof OperationalError) {
        log.warn(about, 'an alert was not sent; trying again');
        const ceiling = Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** tries);
        return Math.max(error.retryAfterMs ?? 0, (0.5 + deps.chance() / 2) * ceiling);
      }
      log.error(about, 'an alert was refused: look at the settings of its channel');
    }
    const outbox = withoutChannel(store.state.outbox, notice, channel);
    await store.put({ ...store.state, outbox });
    return 0;
  }

  async function serve(channel: Channel, signal: AbortSignal): Promise<void> {
    let tries = 0;
    while (!signal.aborted) {
      const next = store.state.outbox.find(({ waiting }) => waiting.includes(channel.name));
      if (next === undefined) {
        await clock.sleep(LOOK_EVERY_MS, AbortSignal.any([signal, bell.signal]));
        continue;
      }
      // Told before it is written, it would be told again after a death.
      await store.written();
      const waitMs = await tell(channel, next.notice, tries);
      tries = waitMs === 0 ? 0 : tries + 1;
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    }
  }

  return {
    add(outbox, notices) {
      const waiting = channels.map(({ name }) => name);
      for (const notice of notices) log.warn({ notice }, 'incident');
      if (waiting.length === 0) return [];
      const all = [...outbox, ...notices.map((notice) => ({ notice, waiting }))];
      if (all.length > OUTBOX_MAX) log.error('too many alerts wait; the oldest are given up');
      return all.slice(-OUTBOX_MAX);
    },
    wake() {
      bell.abort();
      bell = new AbortController();
    },
    async run(signal) {
      await Promise.all(channels.map((channel) => serve(channel, signal)));
    },
    isWell() {
      const oldest = store.state.outbox[0]?.notice.at;
      return oldest === undefined || clock.now().getTime() - Date.parse(oldest) < UNTOLD_MAX_MS;
    },
  };
}

type Outbox = Store['state']['outbox'];

function withoutChannel(outbox: Outbox, { id }: Notice, { name }: Channel): Outbox {
  return outbox
    .map((one) =>
      one.notice.id === id
        ? { ...one, waiting: one.waiting.filter((channel) => channel !== name) }
        : one,
    )
    .filter(({ waiting }) => waiting.length > 0);
}
