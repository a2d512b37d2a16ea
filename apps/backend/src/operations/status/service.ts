import { OutsideWire, type StatusWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { z } from 'zod';
import type { Log } from '../../platform/log/index.ts';
import { bookSchema, emptyBook, note } from './book.ts';
import type { Outside } from './outside.ts';
import { statesOf, type Roles } from './parts.ts';
import { present } from './present.ts';
import { openStateFile } from '../state-file.ts';

export interface PublicStatus {
  /** Looks every 5 s and writes down what it saw, until `signal` aborts. */
  watch(signal: AbortSignal): Promise<void>;
  read(): StatusWire;
}

const LOOK_EVERY_MS = 5_000;
const ASK_EVERY_MS = 30_000;
const SAVE_EVERY_MS = 60_000;
/** Older word of those outside is no word about now. */
const TOLD_BELIEVED_MS = 120_000;

const stateSchema = z.object({
  book: bookSchema,
  /** What the api told last, with its time: names of the ways outlive it. */
  told: z.object({ at: z.iso.datetime(), outside: OutsideWire }).nullable(),
});

/** The state is kept in a file of its own: no database, because that may be what is away. */
export async function openPublicStatus(deps: {
  path: string;
  report: () => Roles;
  askOutside: () => Promise<Outside | undefined>;
  clock: Clock;
  log: Log;
}): Promise<PublicStatus> {
  const { clock, log } = deps;
  const file = await openStateFile(deps.path, stateSchema, {
    what: 'the public status',
    log,
  });
  let { book, told } = file.read ?? { book: emptyBook(clock.now()), told: null };
  let askedMs = -Infinity;
  let savedMs = clock.monotonicMs();
  let writing: Promise<void> = Promise.resolve();

  async function ask(): Promise<void> {
    if (clock.monotonicMs() - askedMs < ASK_EVERY_MS) return;
    askedMs = clock.monotonicMs();
    const outside = await deps.askOutside();
    if (outside !== undefined) told = { at: clock.now().toISOString(), outside };
  }

  function look(): void {
    const at = clock.now();
    const isRecent = told !== null && at.getTime() - Date.parse(told.at) < TOLD_BELIEVED_MS;
    book = note(book, statesOf(deps.report(), isRecent ? told?.outside : undefined), at);
  }

  /** A slow disk must not keep the looks waiting. */
  function save(): void {
    savedMs = clock.monotonicMs();
    const state = { book, told };
    writing = writing.then(() => file.write(state));
  }

  return {
    async watch(signal) {
      while (!signal.aborted) {
        await ask();
        look();
        if (clock.monotonicMs() - savedMs >= SAVE_EVERY_MS) save();
        await clock.sleep(LOOK_EVERY_MS, signal);
      }
      save();
      await writing;
    },
    read: () => present(book, told?.outside),
  };
}
