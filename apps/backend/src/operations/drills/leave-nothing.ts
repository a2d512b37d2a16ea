/**
 * A drill that is told to leave (Ctrl-C, SIGTERM, a terminal that closes) first ends what it has begun:
 * processes that would live on without it, its PostgreSQL, its folder. One list for the process,
 * because a signal is one.
 */

type Ending = () => Promise<void>;

const begun = new Set<Ending>();

/** `end` is called when the process is told to leave; what is returned takes it off the list. */
export function endWithDrill(end: Ending): () => void {
  begun.add(end);
  return () => void begun.delete(end);
}

/** Exit codes of a shell: 128 and the number of the signal. */
const SIGNALS = [
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

export interface Leaving {
  /** Aborted at the first signal; then everything begun is ended, and the process. */
  readonly stopping: AbortSignal;
  /** What comes of the work; nothing at all once the process is leaving: its end is near. */
  unless<T>(work: Promise<T>): Promise<T>;
}

/** For the command of a drill, before it begins anything. */
export function leaveNothingBehind(): Leaving {
  const stopping = new AbortController();
  for (const [signal, code] of SIGNALS) {
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      const endings = [...begun].map((end) => end());
      void Promise.allSettled(endings).then(() => process.exit(code));
    });
  }
  return {
    stopping: stopping.signal,
    async unless(work) {
      const [done] = await Promise.allSettled([work]);
      if (stopping.signal.aborted) return await new Promise<never>(() => undefined);
      if (done.status === 'rejected') throw done.reason;
      return done.value;
    },
  };
}
