/**
 * A drill that is told to leave (Ctrl-C, SIGTERM) first ends what it has begun: processes that would
 * live on without it, its PostgreSQL, its folder. One list for the process, because a signal is one.
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
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const;

/** For the command of a drill: aborted at the first signal, then everything begun is ended. */
export function leaveNothingBehind(): AbortSignal {
  const stopping = new AbortController();
  for (const [signal, code] of SIGNALS) {
    process.on(signal, () => {
      if (stopping.signal.aborted) return;
      stopping.abort();
      const endings = [...begun].map((end) => end());
      void Promise.allSettled(endings).then(() => process.exit(code));
    });
  }
  return stopping.signal;
}
