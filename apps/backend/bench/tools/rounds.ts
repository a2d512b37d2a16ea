/**
 * Ours and its ceiling in turns. Neighbours on the machine disturb both alike, so a round gives
 * one ratio, and the median of the rounds with their spread is what is compared with the target.
 */
import { isMet, type Target } from '../targets.ts';
import type { Timed } from './latency.ts';

type Side = 'ours' | 'ceiling';

export type Spread = Readonly<{ median: number; least: number; most: number }>;

/** One line of the report. `compared` is the ratio where there is a ceiling, else the figure. */
export type Result = Readonly<{
  name: string;
  target: Target;
  ours: Spread;
  ceiling: Spread | undefined;
  ratio: Spread | undefined;
  p99Ms?: Readonly<{ ours: Spread; ceiling: Spread }>;
  compared: number;
  met: boolean;
  /** What the ceiling was, and anything a reader must know to believe the figure. */
  note: string;
}>;

export const ROUNDS = 5;

/** What it is compared with is not here; the message says what to install. */
export class BenchSkipped extends Error {}

/** What is compared; with the slowest hundredth where both sides tell it. */
type Turn = () => Promise<number | Timed>;

/** A warm-up of both, then `ROUNDS` rounds; who begins changes with each, as the second finds warmer caches. */
export async function inTurns(
  about: Readonly<{ name: string; target: Target; note: string }>,
  turns: Readonly<{ ours: Turn; ceiling: Turn }>,
): Promise<Result> {
  await turns.ours();
  await turns.ceiling();
  const rounds: Readonly<Record<Side, number | Timed>>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const oursFirst = round % 2 === 0;
    const early = oursFirst ? await turns.ours() : undefined;
    const ceiling = await turns.ceiling();
    rounds.push({ ours: early ?? (await turns.ours()), ceiling });
  }
  const ratio = spread(rounds.map(({ ours, ceiling }) => rateOf(ours) / rateOf(ceiling)));
  const each = (read: (given: number | Timed) => number) => ({
    ours: spread(rounds.map(({ ours }) => read(ours))),
    ceiling: spread(rounds.map(({ ceiling }) => read(ceiling))),
  });
  const isTimed = rounds.every((round) =>
    Object.values(round).every((one) => typeof one === 'object'),
  );
  return {
    ...about,
    ...each(rateOf),
    ratio,
    ...(isTimed && { p99Ms: each(waitOf) }),
    compared: ratio.median,
    met: isMet(about.target, ratio.median),
  };
}

/** A figure that is reported as it is. */
export function single(
  about: Readonly<{ name: string; target: Target; note: string }>,
  figure: number,
): Result {
  const ours = spread([figure]);
  const met = isMet(about.target, figure);
  return { ...about, ours, ceiling: undefined, ratio: undefined, compared: figure, met };
}

const rateOf = (given: number | Timed): number =>
  typeof given === 'number' ? given : given.perSecond;
const waitOf = (given: number | Timed): number => (typeof given === 'number' ? NaN : given.p99Ms);

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? NaN;
  return { median: middle, least: sorted[0] ?? NaN, most: sorted.at(-1) ?? NaN };
}
