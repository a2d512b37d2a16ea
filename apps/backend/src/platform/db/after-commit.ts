import { assert } from '@opora/kernel';
import type { Tx } from './tx.ts';

type Work = () => void;

/** By executor: `$extendTables` makes another `Tx` of one transaction, which keeps its executor. */
const waiting = new WeakMap<object, Work[]>();

/**
 * Does `work` when the transaction has committed, never when it was rolled back, and at once outside
 * of one. A process that dies in between does not do it: it may only be a hint. It must not throw.
 */
export function afterCommit(tx: Tx, work: Work): void {
  if (!tx.isTransaction) {
    work();
    return;
  }
  const works = waiting.get(tx.getExecutor());
  assert(works !== undefined, 'a transaction that Database.transaction did not open');
  works.push(work);
}

/** Gathers what one try of a transaction leaves for its end; the result does it. */
export function gatherForCommit(tx: Tx): Work {
  const works: Work[] = [];
  waiting.set(tx.getExecutor(), works);
  return () => {
    for (const work of works) work();
  };
}
