import { OperationalError, type Clock } from '@opora/kernel';

/** The dependency has all the calls it may have, and enough wait already. */
export class Overloaded extends OperationalError {
  readonly code = 'platform.overloaded';
}

export interface Bulkhead {
  /** Runs `call` when there is room; throws `Overloaded` when the queue is full or too slow. */
  run<T>(call: () => Promise<T>): Promise<T>;
  readonly inFlight: number;
  readonly waiting: number;
}

const IN_FLIGHT_MAX = 32;
const WAITING_MAX = 32;
const WAIT_MAX_MS = 200;

/** Keeps one slow dependency from eating the whole process. First come, first served. */
export function createBulkhead(options: {
  name: string;
  clock: Clock;
  inFlightMax?: number;
  waitingMax?: number;
  waitMaxMs?: number;
}): Bulkhead {
  const {
    inFlightMax = IN_FLIGHT_MAX,
    waitingMax = WAITING_MAX,
    waitMaxMs = WAIT_MAX_MS,
  } = options;
  const queue = new Set<() => void>();
  let inFlight = 0;

  async function enter(): Promise<void> {
    if (inFlight < inFlightMax) {
      inFlight += 1;
      return;
    }
    if (queue.size >= waitingMax) throw new Overloaded(`${options.name} has too many callers`);
    const patience = new AbortController();
    // The one who leaves hands the place over: `inFlight` stays as it is.
    const admit = (): void => {
      patience.abort();
    };
    queue.add(admit);
    await options.clock.sleep(waitMaxMs, patience.signal);
    if (patience.signal.aborted) return;
    queue.delete(admit);
    throw new Overloaded(`${options.name} did not free a place in time`);
  }

  function leave(): void {
    const [next] = queue;
    if (next === undefined) {
      inFlight -= 1;
      return;
    }
    queue.delete(next);
    next();
  }

  return {
    async run(call) {
      await enter();
      try {
        return await call();
      } finally {
        leave();
      }
    },
    get inFlight() {
      return inFlight;
    },
    get waiting() {
      return queue.size;
    },
  };
}
