import { StatusWire } from '@opora/contracts';

/** What the page can say: as it is now, as it was when the monitor last answered, or nothing. */
export type StatusAnswer =
  Readonly<{ state: 'fresh' | 'stale'; status: StatusWire }> | Readonly<{ state: 'absent' }>;

type Needs = Readonly<{
  /** The monitor's answer as JSON; it rejects when the monitor is away. */
  load: () => Promise<unknown>;
  now: () => Date;
}>;

export type StatusSource = Readonly<{
  read: () => Promise<StatusAnswer>;
  /** The copy as it is, at once; a new one is asked for meanwhile. */
  last: () => StatusWire | undefined;
}>;

/** Readers who come together share one question. */
const SHARED_MS = 3_000;
/** What was seen longer ago is said to be old. */
const FRESH_MS = 60_000;

/**
 * The public status with its last good copy: when the monitor itself is away the page still tells
 * what it knew, marked with its time. It asks nobody else, so it needs no database.
 */
export function createStatusSource({ load, now }: Needs): StatusSource {
  let copy: StatusWire | undefined;
  let askAgainAt = 0;
  let asking: Promise<void> | undefined;

  async function ask(): Promise<void> {
    try {
      copy = StatusWire.parse(await load());
    } catch {
      // The page says itself that the monitor is silent; its reasons are in its own log.
    } finally {
      askAgainAt = now().getTime() + SHARED_MS;
      asking = undefined;
    }
  }

  return {
    async read() {
      if (now().getTime() >= askAgainAt) await (asking ??= ask());
      if (copy === undefined) return { state: 'absent' };
      const isFresh = now().getTime() - Date.parse(copy.at) < FRESH_MS;
      return { state: isFresh ? 'fresh' : 'stale', status: copy };
    },
    last() {
      if (now().getTime() >= askAgainAt) asking ??= ask();
      return copy;
    },
  };
}
