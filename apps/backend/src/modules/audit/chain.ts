/**
 * The chain over the log. One sealer at a time links what was committed; writers never wait for it.
 * A change, a removal or an insertion in the middle breaks a link. A tail that was cut off, or a
 * chain that was made anew as a whole, breaks the anchors, which are signed and kept elsewhere.
 */
import type { Clock } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { Anchor } from './anchor.ts';
import { GENESIS, sealOf } from './canonical.ts';
import {
  countUnsealed,
  insertSeals,
  lastSeal,
  oldestUnsealed,
  selectLinks,
  selectUnsealed,
  takeSealing,
  type Link,
  type Seal,
} from './repository-seals.ts';

const BATCH = 500;
/** An entry that waits longer than this for its seal means that nobody seals. */
const SEALED_WITHIN_MS = 10 * 60_000;

type ChainDeps = Readonly<{ db: Database; clock: Clock }>;

/** In OPORA_HOME of each machine that runs a worker. */
export const ANCHOR_FILE = 'audit-anchors.jsonl';

export interface AuditChain {
  /** Links what waits, at most 500 entries; `last` is undefined when another sealer was at work. */
  seal(): Promise<{ sealed: number; last: Seal | undefined }>;
  /** Reads the whole chain and compares it with `anchors`. Changes nothing. */
  verify(anchors: readonly (Anchor & { isSigned: boolean | undefined })[]): Promise<ChainReport>;
  /** When the oldest entry was written that waits for its seal; undefined: none waits. */
  oldestUnsealed(): Promise<Date | undefined>;
}

export function createAuditChain(deps: ChainDeps): AuditChain {
  return {
    seal: () => sealWaiting(deps),
    verify: (anchors) => verifyChain(deps, anchors),
    oldestUnsealed: () => oldestUnsealed(deps.db.read),
  };
}

async function sealWaiting({
  db,
  clock,
}: ChainDeps): Promise<{ sealed: number; last: Seal | undefined }> {
  return await db.transaction(async (tx) => {
    if (!(await takeSealing(tx))) return { sealed: 0, last: undefined };
    let last = await lastSeal(tx);
    const entries = await selectUnsealed(tx, BATCH);
    const seals = entries.map((entry) => {
      const seq = (last?.seq ?? 0n) + 1n;
      last = { seq, entryId: entry.id, hash: sealOf(seq, last?.hash ?? GENESIS, entry) };
      return last;
    });
    if (seals.length > 0) await insertSeals(tx, seals, clock.now());
    return { sealed: seals.length, last };
  });
}

export type ChainReport = Readonly<{
  /** Links that were read and computed again. */
  links: number;
  /** Anchors that were compared, and those whose key is not known here any more. */
  anchors: number;
  unverifiable: number;
  /** Entries that wait for their seal. */
  waiting: number;
  violations: readonly string[];
}>;

async function verifyChain(
  { db, clock }: ChainDeps,
  anchors: readonly (Anchor & { isSigned: boolean | undefined })[],
): Promise<ChainReport> {
  const violations: string[] = [];
  const told = new Map(anchors.map((anchor) => [anchor.seq, anchor]));
  let [links, expected] = [0, 1n];
  let previous: Buffer = GENESIS;
  for (;;) {
    const page = await selectLinks(db.read, expected - 1n, BATCH);
    for (const link of page) {
      violations.push(...faultsOf(link, expected, previous));
      const anchor = told.get(link.seq);
      if (anchor !== undefined && anchor.hash !== link.hash.toString('hex')) {
        violations.push(
          `${link.entryId}: the chain is another one than was anchored at ${anchor.at}`,
        );
      }
      told.delete(link.seq);
      [previous, expected] = [link.hash, link.seq + 1n];
      links += 1;
    }
    if (page.length < BATCH) break;
  }
  for (const { seq, at } of told.values()) {
    violations.push(`the entry number ${String(seq)}, anchored at ${at}, is gone`);
  }
  const { waiting, oldest, lost } = await countUnsealed(db.read);
  if (lost > 0) violations.push(`${String(lost)} entries are in no chain and wait for none`);
  if (oldest !== undefined && clock.now().getTime() - oldest.getTime() > SEALED_WITHIN_MS) {
    violations.push(`an entry waits for its seal since ${oldest.toISOString()}: no worker seals`);
  }
  const forged = anchors.filter(({ isSigned }) => isSigned === false).length;
  if (forged > 0) violations.push(`${String(forged)} anchors are not signed by our keys`);
  if (links > 0 && anchors.length === forged) {
    violations.push(
      'no anchor to compare with: a chain alone cannot show that its end was cut off',
    );
  }
  const unverifiable = anchors.filter(({ isSigned }) => isSigned === undefined).length;
  return { links, anchors: anchors.length, unverifiable, waiting, violations };
}

function faultsOf(link: Link, expected: bigint, previous: Buffer): string[] {
  const { seq, entry, entryId, hash } = link;
  if (seq !== expected) return [`the links ${String(expected)} to ${String(seq - 1n)} are gone`];
  if (entry === undefined) return [`${entryId}: the entry is gone`];
  return sealOf(seq, previous, entry).equals(hash) ? [] : [`${entryId}: not what was sealed`];
}
