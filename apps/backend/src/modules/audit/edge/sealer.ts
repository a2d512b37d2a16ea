/** The worker's round over the log: seals what was written, and anchors the chain outside of it. */
import { appendFile } from 'node:fs/promises';
import type { Clock } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { KeySet } from '../../../platform/tokens/index.ts';
import { anchorLine, type AuditChain, type Seal } from '../index.ts';

const PAUSE_MS = 5_000;
/** An anchor at the latest after this time, or after so many entries. */
const ANCHOR_EVERY_MS = 5 * 60_000;
const ANCHOR_EVERY_ENTRIES = 1_000n;
const FILE_MODE = 0o600;

export function runSealer(deps: {
  auditChain: Pick<AuditChain, 'seal'>;
  keys: KeySet;
  clock: Clock;
  log: Log;
  anchorFile: string;
}): { stop(): Promise<void> } {
  const { clock, log } = deps;
  const stopping = new AbortController();
  let anchored: { seq: bigint; atMs: number } | undefined;

  async function anchor(last: Seal): Promise<void> {
    const nowMs = clock.monotonicMs();
    const entries = last.seq - (anchored?.seq ?? 0n);
    const isDue =
      anchored === undefined ||
      entries >= ANCHOR_EVERY_ENTRIES ||
      nowMs - anchored.atMs >= ANCHOR_EVERY_MS;
    if (entries === 0n || !isDue) return;
    const line = anchorLine(last, clock.now(), deps.keys);
    await appendFile(deps.anchorFile, `${line}\n`, { mode: FILE_MODE });
    // The log is carried to other machines, so the anchor is too.
    log.info({ anchor: line }, 'the audit log is anchored');
    anchored = { seq: last.seq, atMs: nowMs };
  }

  async function round(): Promise<number> {
    const { sealed, last } = await deps.auditChain.seal();
    if (last !== undefined) await anchor(last);
    return sealed;
  }

  const running = (async () => {
    while (!stopping.signal.aborted) {
      const sealed = await round().catch((error: unknown) => {
        log.warn({ error }, 'the audit log was not sealed; trying later');
        return 0;
      });
      if (sealed === 0) await clock.sleep(PAUSE_MS, stopping.signal);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
