/**
 * Whose days a term is made of. Pure. Grants lie one after another, each with its owner, so that
 * what is left of one can be taken without a day of another.
 */
import type { Grant } from './subscription.ts';

/** Half open, milliseconds of the epoch; `owner` is the revision of the grant that gave it. */
type Stretch = Readonly<{ owner: number; from: number; to: number }>;

type Days = Readonly<{
  stretches: readonly Stretch[];
  /** What was taken of each owner and may come back, in milliseconds. */
  withheld: ReadonlyMap<number, number>;
}>;

/** Milliseconds of the grant `owner` that are not used up at `at`. */
export function leftOf(grants: readonly Grant[], owner: number, at: Date): number {
  const { stretches } = daysOf(grants);
  const left = stretches.filter((one) => one.owner === owner).map((one) => unused(one, at));
  return left.reduce((sum, ms) => sum + ms, 0);
}

/** Milliseconds that were taken of the grant `owner`; a term that staff ended gives nothing back. */
export function withheldOf(grants: readonly Grant[], owner: number): number {
  return daysOf(grants).withheld.get(owner) ?? 0;
}

/** True while the newest word about the grant `owner` is that it was taken. */
export function isTaken(grants: readonly Grant[], owner: number): boolean {
  return grants.findLast(({ ofRevision }) => ofRevision === owner)?.kind === 'withdraw';
}

/** All grants of a subscription, oldest first, one after another. */
function daysOf(grants: readonly Grant[]): Days {
  return grants.reduce(apply, { stretches: [], withheld: new Map() });
}

function apply(days: Days, grant: Grant): Days {
  const { stretches, withheld } = days;
  const owner = grant.ofRevision ?? grant.revision;
  const given = { owner, from: grant.startsAt.getTime(), to: grant.endsAt.getTime() };
  switch (grant.kind) {
    case 'order':
    case 'extend':
    case 'grant':
      return { stretches: [...stretches, given], withheld };
    case 'restore':
      return { stretches: [...stretches, given], withheld: new Map(withheld).set(owner, 0) };
    case 'withdraw': {
      const taken = (withheld.get(owner) ?? 0) + given.to - given.from;
      return {
        stretches: cut(stretches, owner, grant.createdAt),
        withheld: new Map(withheld).set(owner, taken),
      };
    }
    case 'revoke': {
      const at = grant.createdAt.getTime();
      const ended = stretches.map(({ from, to, ...rest }) => ({
        ...{ ...rest, from: Math.min(from, at), to: Math.min(to, at) },
      }));
      return { stretches: ended, withheld: new Map() };
    }
  }
}

/** What the owner has not used is taken out, and what lay behind it moves up. */
function cut(stretches: readonly Stretch[], owner: number, at: Date): Stretch[] {
  let shift = 0;
  return stretches.map((one) => {
    const moved = { ...one, from: one.from - shift, to: one.to - shift };
    if (one.owner !== owner) return moved;
    const left = unused(moved, at);
    shift += left;
    return { ...moved, to: moved.to - left };
  });
}

function unused({ from, to }: Stretch, at: Date): number {
  return Math.max(0, to - Math.max(from, at.getTime()));
}
