import type { Clock } from '@opora/kernel';
import { DEEDS, READS, type Answer, type Kind, type Senders, type Sent } from './senders.ts';

/** Calls on their way at once; what is not sent for that is counted. */
const IN_FLIGHT_MAX = 400;
const TICK_MS = 10;
const REPEATS_AT_ONCE = 8;
const REPEAT_EVERY_MS = 250;

export type Rates = Readonly<Record<Kind, number>>;

export type Sample = Answer &
  Readonly<{
    kind: Kind;
    /** From the start of the load, when it was sent. */
    atMs: number;
    tookMs: number;
  }>;

export type Load = Readonly<{
  samples: readonly Sample[];
  sent: readonly Sent[];
  skipped: number;
}>;

/** Each kind at its own steady rate until `until` is over, well or not; what was sent is waited for. */
export async function offerMixed(deps: {
  clock: Clock;
  senders: Senders;
  rates: Rates;
  until: Promise<unknown>;
}): Promise<Load> {
  const { clock, senders, rates } = deps;
  const samples: Sample[] = [];
  const sent: Sent[] = [];
  const flying = new Set<Promise<void>>();
  const counts = new Map<Kind, number>();
  const startedMs = clock.monotonicMs();
  let [isOver, skipped] = [false, 0];
  const end = (): void => {
    isOver = true;
  };
  // Who waits for `until` hears of its failure; here it only ends.
  deps.until.then(end, end);

  async function one(kind: Kind, number: number): Promise<void> {
    const beganMs = clock.monotonicMs();
    const answer = await (kind === 'window' || kind === 'own'
      ? senders.read(kind, number)
      : senders.send(note({ kind, number, isAcknowledged: false })));
    const tookMs = clock.monotonicMs() - beganMs;
    samples.push({ ...answer, kind, atMs: beganMs - startedMs, tookMs });
  }

  function note(one: Sent): Sent {
    sent.push(one);
    return one;
  }

  function sendDue(kind: Kind): void {
    const due = ((clock.monotonicMs() - startedMs) / 1000) * rates[kind];
    for (let number = counts.get(kind) ?? 0; number < due; number += 1) {
      counts.set(kind, number + 1);
      if (flying.size >= IN_FLIGHT_MAX) {
        skipped += 1;
        continue;
      }
      const flight = one(kind, number).finally(() => flying.delete(flight));
      flying.add(flight);
    }
  }

  while (!isOver) {
    for (const kind of [...READS, ...DEEDS]) sendDue(kind);
    await clock.sleep(TICK_MS);
  }
  await Promise.all(flying);
  return { samples, sent, skipped };
}

/** Whoever was not acknowledged sends again, as vendors, Telegram and people do, until `withinMs`. */
export async function repeatAll(
  sent: readonly Sent[],
  { clock, senders, withinMs }: { clock: Clock; senders: Senders; withinMs: number },
): Promise<void> {
  const left = sent.filter(({ isAcknowledged }) => !isAcknowledged);
  const sinceMs = clock.monotonicMs();
  const work = async (): Promise<void> => {
    for (let one = left.pop(); one !== undefined; one = left.pop()) {
      await senders.send(one);
      if (one.isAcknowledged) continue;
      if (clock.monotonicMs() - sinceMs > withinMs) return;
      left.unshift(one);
      await clock.sleep(REPEAT_EVERY_MS);
    }
  };
  await Promise.all(Array.from({ length: REPEATS_AT_ONCE }, work));
}
