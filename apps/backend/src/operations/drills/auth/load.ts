import type { Clock } from '@opora/kernel';
import type { Answered, People, Visitor } from './people.ts';

/** A twentieth of the calls refreshes and a twentieth signs in: a tenth of both together. */
const ONE_IN = 20;
/** Calls on their way at once; a platform that cannot carry the rate is offered less, and it is said. */
const IN_FLIGHT_MAX = 200;
const TICK_MS = 10;
/** After a pause of its own the load comes at most so much faster, and not all that is late at once. */
const CATCH_UP = 3;
/** They come little by little: everybody at once on a cold platform is another matter than a loss. */
export const RAMP_MS = 4_000;

export type Sample = Readonly<{
  kind: 'read' | 'refresh' | 'enter';
  status: number;
  /** From the start of the load, when it was sent. */
  atMs: number;
  tookMs: number;
  /** Of a call without an answer: what its socket said. */
  why?: string;
}>;

export type Load = Readonly<{ samples: readonly Sample[]; skipped: number }>;

/** Calls at a steady rate until `until` is over, well or not; what was sent is waited for. */
export async function offerLoad(deps: {
  clock: Clock;
  people: People;
  visitors: readonly Visitor[];
  links: string[];
  rate: number;
  until: Promise<unknown>;
}): Promise<Load> {
  const { clock, people, visitors, links } = deps;
  const samples: Sample[] = [];
  const flying = new Set<Promise<void>>();
  const startedMs = clock.monotonicMs();
  let [isOver, skipped, sent] = [false, 0, 0];
  const end = (): void => {
    isOver = true;
  };
  // Who waits for `until` hears of its failure; here it only ends.
  deps.until.then(end, end);

  function send(): void {
    const turn = sent;
    sent += 1;
    const visitor = visitors[turn % visitors.length];
    if (visitor === undefined) return;
    const kind = turn % ONE_IN === 1 ? 'refresh' : turn % ONE_IN === 11 ? 'enter' : 'read';
    const atMs = clock.monotonicMs() - startedMs;
    const flight = act(kind, visitor)
      .then((answered) => {
        if (answered === undefined) return;
        const { status, tookMs, why } = answered;
        samples.push({ kind, status, atMs, tookMs, ...(why === undefined ? {} : { why }) });
      })
      .finally(() => flying.delete(flight));
    flying.add(flight);
  }

  async function act(kind: Sample['kind'], visitor: Visitor): Promise<Answered | undefined> {
    if (kind === 'enter') {
      const link = links.pop();
      return link === undefined ? undefined : (await people.enter(link)).answered;
    }
    if (kind === 'read') return people.read(visitor);
    // One browser renews once at a time.
    if (visitor.busy) return undefined;
    visitor.busy = true;
    try {
      return await people.refresh(visitor);
    } finally {
      visitor.busy = false;
    }
  }

  const most = Math.ceil((deps.rate * TICK_MS * CATCH_UP) / 1000);
  while (!isOver) {
    const due = dueAfter(clock.monotonicMs() - startedMs, deps.rate);
    const goal = Math.min(due, sent + skipped + most);
    while (sent + skipped < goal) {
      if (flying.size < IN_FLIGHT_MAX) send();
      else skipped += 1;
    }
    await clock.sleep(TICK_MS);
  }
  await Promise.all(flying);
  return { samples, skipped };
}

/** Calls due after so long: the rate grows evenly to `rate` a second, then stays. */
function dueAfter(ms: number, rate: number): number {
  const growing = Math.min(ms, RAMP_MS);
  return ((growing ** 2 / (2 * RAMP_MS) + ms - growing) / 1000) * rate;
}
