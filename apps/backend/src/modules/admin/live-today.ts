/**
 * The first page, live: one reader for all who look, an event when something has changed, a comment
 * when nothing has. A stream ends after ten minutes, so that the right to it is asked for again.
 */
import { PassThrough, type Readable } from 'node:stream';
import type { TodayWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';
import { TooManyStreams } from './errors.ts';

/** Streams one process holds at once. */
export const STREAMS_MAX = 50;
/** The figures are read again this often while somebody looks. */
const EVERY_MS = 5_000;
/** Proxies close what is silent for longer; ours waits a minute. */
const BEAT_MS = 15_000;
const STREAM_MAX_MS = 600_000;
const AGAIN_AFTER_MS = 30_000;

export interface LiveToday {
  /** A new stream that begins with the figures of now; throws `TooManyStreams`. */
  open(): Promise<Readable>;
  /** How many are open. */
  readonly viewers: number;
  /** Ends all of them, for good. */
  close(): void;
}

type Viewer = Readonly<{ stream: PassThrough; openedMs: number }>;

export function createLiveToday(deps: {
  read: () => Promise<TodayWire>;
  clock: Clock;
  log: Log;
}): LiveToday {
  const { clock, log } = deps;
  const viewers = new Set<Viewer>();
  let opening = 0;
  let isClosed = false;
  let looking: AbortController | undefined;
  let known = { figures: '', event: '', toldMs: 0 };

  /** Reads the figures; whoever looks is told when they have changed. */
  async function refresh(): Promise<void> {
    const { asOf, ...figures } = await deps.read();
    const text = JSON.stringify(figures);
    if (text === known.figures) return;
    const event = `event: today\ndata: ${JSON.stringify({ asOf, ...figures })}\n\n`;
    known = { figures: text, event, toldMs: clock.monotonicMs() };
    for (const { stream } of viewers) send(stream, event);
  }

  function beat(): void {
    const nowMs = clock.monotonicMs();
    for (const { stream, openedMs } of viewers) {
      if (nowMs - openedMs > STREAM_MAX_MS) endOrDrop(stream);
    }
    if (nowMs - known.toldMs < BEAT_MS) return;
    known = { ...known, toldMs: nowMs };
    for (const { stream } of viewers) send(stream, ': beat\n\n');
  }

  function leave(viewer: Viewer): void {
    viewers.delete(viewer);
    if (viewers.size > 0) return;
    looking?.abort();
    looking = undefined;
  }

  return {
    get viewers() {
      return viewers.size;
    },
    async open() {
      if (isClosed || viewers.size + opening >= STREAMS_MAX) {
        throw new TooManyStreams('no more streams here', { retryAfterMs: AGAIN_AFTER_MS });
      }
      opening += 1;
      await refresh().finally(() => {
        opening -= 1;
      });
      const stream = new PassThrough();
      const viewer = { stream, openedMs: clock.monotonicMs() };
      stream.once('close', () => {
        leave(viewer);
      });
      viewers.add(viewer);
      stream.write(`retry: ${String(EVERY_MS)}\n${known.event}`);
      if (looking === undefined) {
        looking = new AbortController();
        void everyRound(clock, looking.signal, () => refresh().catch(missed(log)).then(beat));
      }
      return stream;
    },
    close() {
      isClosed = true;
      for (const { stream } of viewers) stream.end();
    },
  };
}

function missed(log: Log) {
  return (error: unknown): void => {
    log.debug({ error }, 'the figures of today could not be read; the page keeps the old ones');
  };
}

async function everyRound(
  clock: Clock,
  signal: AbortSignal,
  round: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, signal);
    if (!hasEnded(signal)) await round();
  }
}

/** Asked again after a wait: the compiler believes that nothing has changed meanwhile. */
function hasEnded(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Ended a beat ago and still here: nobody reads to the end. */
function endOrDrop(stream: PassThrough): void {
  if (stream.writableEnded) stream.destroy();
  else stream.end();
}

/** Whoever does not keep up misses an event: the next one says everything anyway. */
function send(stream: PassThrough, text: string): void {
  if (!stream.writableNeedDrain && !stream.writableEnded) stream.write(text);
}
