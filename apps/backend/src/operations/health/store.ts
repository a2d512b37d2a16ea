/**
 * What the monitor must not forget: incidents, and news that are not told yet. One small file in
 * OPORA_HOME, written whole; no database, because that may be what is away.
 */
import { z } from 'zod';
import type { Log } from '../../platform/log/index.ts';
import { replaceFile } from '../local-state.ts';
import { readState } from '../state-file.ts';
import { emptyJournal, journalSchema, noticeSchema } from './incident.ts';

const stateSchema = z
  .object({
    journal: journalSchema,
    /** The oldest first, each with the channels that have not told it yet. */
    outbox: z
      .array(z.object({ notice: noticeSchema, waiting: z.array(z.string()).readonly() }).readonly())
      .readonly(),
  })
  .readonly();
export type MonitorState = z.infer<typeof stateSchema>;

export interface Store {
  readonly state: MonitorState;
  /** In force, and on disk with the next `put`: for what a restart finds out by itself. */
  keep(next: MonitorState): void;
  /** In force at once; resolves when it is on disk, or could not be put there (`isWell`). */
  put(next: MonitorState): Promise<void>;
  /** Resolves when what was put so far is on disk, or could not be put there. */
  written(): Promise<void>;
  /** False: the last write failed, so a restart would forget. */
  readonly isWell: boolean;
}

/** A file that cannot be read is left for a person and replaced by an empty state. */
export async function openStore(path: string, deps: { now: Date; log: Log }): Promise<Store> {
  const { log, now } = deps;
  const found = await readState(path, stateSchema, { what: 'the state of the monitor', log });
  let state: MonitorState = found ?? { journal: emptyJournal(now), outbox: [] };
  let isWell = true;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    try {
      await replaceFile(path, `${JSON.stringify(state)}\n`);
      isWell = true;
    } catch (error) {
      if (isWell) log.error({ error }, 'the state of the monitor cannot be written');
      isWell = false;
    }
  }

  return {
    get state() {
      return state;
    },
    get isWell() {
      return isWell;
    },
    written: () => writing,
    keep(next) {
      state = next;
    },
    put(next) {
      state = next;
      writing = writing.then(write);
      return writing;
    },
  };
}
