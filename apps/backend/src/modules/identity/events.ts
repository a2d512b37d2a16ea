import type { Tx } from '../../platform/db/index.ts';

/** Facts about people that others may react to. */
export type PersonEvent = Readonly<{
  type: 'person.banned' | 'person.unbanned';
  personId: string;
  /** The audit entry of the act. */
  actId: string;
}>;

/** Adds the reactions in the transaction of the fact. */
export type Publish = (tx: Tx, events: readonly PersonEvent[]) => Promise<void>;
