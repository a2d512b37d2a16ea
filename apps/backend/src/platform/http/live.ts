/**
 * A page, live: one reader for all who look, an event when something has changed, a comment when
 * nothing has. A stream ends after ten minutes, so that the right to it is asked for again.
 */
import { PassThrough, type Readable } from 'node:stream';
import type { Endpoint } from '@opora/contracts';
import { OperationalError, type Clock } from '@opora/kernel';
import type { Log } from '../log/index.ts';
import type { App } from './app.ts';
import { serveMedia } from './serve.ts';

/** Each open page holds a connection: more are refused, and the page asks from time to time. */
export class TooManyStreams extends OperationalError {
  readonly code = 'http.too_many_streams';
}

/** Streams one process holds at once. */
export const STREAMS_MAX = 50;
/** A browser asks again so long after a stream has ended, milliseconds. */
const RETRY_MS = 5_000;
/** Proxies close what is silent for longer; ours waits a minute. */
const BEAT_MS = 15_000;
const STREAM_MAX_MS = 600_000;
const AGAIN_AFTER_MS = 30_000;

export interface Live {
  /** A new stream that begins with the figures of now; throws `TooManyStreams`. */
  open(): Promise<Readable>;
  /** How many are open. */
  readonly viewers: number;
  /** Ends all of them, for good. */
  close(): void;
}

type Viewer = Readonly<{ stream: PassThrough; openedMs: number }>;

export type LiveOptions<T> = Readonly<{
  /** Of the events. */
  name: string;
  read: () => Promise<T>;
  /** What makes a new event when it differs: all but the time of the look. */
  news: (figures: T) => unknown;
  /** The figures are read again this often while somebody looks. */
  everyMs: number;
  clock: Clock;
  log: Log;
}>;

export function createLive<T>(deps: LiveOptions<T>): Live {
  const { clock, log, everyMs } = deps;
  const viewers = new Set<Viewer>();
  let opening = 0;
  let isClosed = false;
  let looking: AbortController | undefined;
  let known = { news: '', event: '', toldMs: 0 };

  /** Reads the figures; whoever looks is told when they have changed. */
  async function refresh(): Promise<void> {
    const figures = await deps.read();
    const news = JSON.stringify(deps.news(figures));
    if (news === known.news) return;
    const event = `event: ${deps.name}\ndata: ${JSON.stringify(figures)}\n\n`;
    known = { news, event, toldMs: clock.monotonicMs() };
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

  const isFull = (): boolean => isClosed || viewers.size + opening >= STREAMS_MAX;

  return {
    get viewers() {
      return viewers.size;
    },
    async open() {
      if (isFull()) throw noRoom();
      opening += 1;
      await refresh().finally(() => {
        opening -= 1;
      });
      // Closed meanwhile: nobody would end this one.
      if (isFull()) throw noRoom();
      const stream = new PassThrough();
      const viewer = { stream, openedMs: clock.monotonicMs() };
      stream.once('close', () => {
        leave(viewer);
      });
      viewers.add(viewer);
      stream.write(`retry: ${String(RETRY_MS)}\n${known.event}`);
      if (looking === undefined) {
        looking = new AbortController();
        void everyRound(clock, everyMs, looking.signal, () =>
          refresh().catch(missed(log)).then(beat),
        );
      }
      return stream;
    },
    close() {
      isClosed = true;
      for (const { stream } of viewers) stream.end();
    },
  };
}

function noRoom(): TooManyStreams {
  return new TooManyStreams('no more streams here', { retryAfterMs: AGAIN_AFTER_MS });
}

function missed(log: Log) {
  return (error: unknown): void => {
    log.debug({ error }, 'the figures of a live page could not be read; it keeps the old ones');
  };
}

async function everyRound(
  clock: Clock,
  everyMs: number,
  signal: AbortSignal,
  round: () => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal);
    if (!hasEnded(signal)) await round();
  }
}

/** Asked again after a wait: the compiler believes that nothing has changed meanwhile. */
function hasEnded(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** The stream of `live` at `endpoint`. */
export function serveLive(app: App, endpoint: Endpoint, live: Live): void {
  serveMedia(app, endpoint, async ({ reply }) =>
    reply.type('text/event-stream').send(await live.open()),
  );
  // A drain waits for what is under way, and a stream would be for ever.
  app.addHook('preClose', (done) => {
    live.close();
    done();
  });
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
