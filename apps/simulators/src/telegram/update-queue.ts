import type { World } from '../world.ts';
import type { Update, UpdateContent } from './bot-api.ts';

/** An update the bot has not taken yet. `bornAt` and `dueAt` are wall clock milliseconds. */
export type PendingUpdate = Readonly<{
  update: Update;
  chatId: number;
  /** Updates of one line go one after another; a held-back update leaves its chat's line. */
  line: string;
  /** The message this update tells of, to show its two ticks. */
  messageId?: number;
  /** Fault `duplicate`: the first delivery is sent twice at the same time. */
  twice: boolean;
  bornAt: number;
  dueAt: number;
  tries: number;
}>;

/** What the bot has not taken; persistent, so a restart of either side loses nothing. */
export interface UpdateQueue {
  /** Answers the update's id; ids grow by one and survive restarts. */
  add(chatId: number, content: UpdateContent, messageId?: number): number;
  save(row: PendingUpdate): void;
  /** The bot took it: it leaves the queue. */
  finish(updateId: number): void;
  /** The first of each line: what may be delivered now or when due. */
  heads(): Iterable<PendingUpdate>;
  /** The oldest `limit`, in the order of their ids. */
  first(limit: number): PendingUpdate[];
  all(): PendingUpdate[];
  clear(): void;
  /** Forgets what the bot did not take within a day. */
  expire(): void;
  readonly size: number;
  /** Called whenever an update was added. */
  onAdded(listener: () => void): void;
  /** Called with each update the bot took. */
  onTaken(listener: (row: PendingUpdate) => void): void;
}

export const UPDATES_KEPT_MS = 24 * 60 * 60 * 1_000;
/** More than this and the oldest are lost: a guard of memory, far above any drill. */
const PENDING_MAX = 200_000;
const REORDER_SPREAD_MS = 3_000;

export function createUpdateQueue(world: World): UpdateQueue {
  const rows = world.store.collection<PendingUpdate>('telegram.updates');
  const lines = createLines();
  const { pending } = lines;
  const added: (() => void)[] = [];
  const taken: ((row: PendingUpdate) => void)[] = [];

  const put = (row: PendingUpdate): void => {
    rows.put(String(row.update.update_id), row);
    lines.put(row);
  };
  const remove = (row: PendingUpdate): void => {
    rows.delete(String(row.update.update_id));
    lines.remove(row);
  };
  for (const row of rows.values()) lines.put(row);

  function add(chatId: number, content: UpdateContent, messageId?: number): number {
    const id = world.store.sequence('telegram.update');
    const now = world.clock.now().getTime();
    const held = world.faults.strikes('telegram', 'reorder');
    const late = held ? REORDER_SPREAD_MS * world.faults.amount('telegram', 'reorder') : 0;
    put({
      update: { update_id: id, ...content },
      chatId,
      line: held ? `held ${String(id)}` : String(chatId),
      ...(messageId === undefined ? {} : { messageId }),
      twice: world.faults.strikes('telegram', 'duplicate'),
      bornAt: now,
      dueAt: now + late,
      tries: 0,
    });
    const [oldest] = pending.values();
    if (oldest !== undefined && pending.size > PENDING_MAX) remove(oldest);
    for (const listener of added) listener();
    return id;
  }

  return {
    add,
    save(row) {
      if (pending.has(row.update.update_id)) put(row);
    },
    finish(updateId) {
      const row = pending.get(updateId);
      if (row === undefined) return;
      remove(row);
      for (const listener of taken) listener(row);
    },
    heads: lines.heads,
    first: (limit) => pending.values().take(limit).toArray(),
    all: () => [...pending.values()],
    clear() {
      for (const row of [...pending.values()]) remove(row);
    },
    expire() {
      const oldest = world.clock.now().getTime() - UPDATES_KEPT_MS;
      for (const row of pending.values()) {
        if (row.bornAt > oldest) break;
        remove(row);
      }
    },
    get size() {
      return pending.size;
    },
    onAdded: (listener) => void added.push(listener),
    onTaken: (listener) => void taken.push(listener),
  };
}

/** The queue in memory: all updates by id, and the line each waits in. */
function createLines(): {
  pending: Map<number, PendingUpdate>;
  put(row: PendingUpdate): void;
  remove(row: PendingUpdate): void;
  heads(): Iterable<PendingUpdate>;
} {
  const pending = new Map<number, PendingUpdate>();
  const lines = new Map<string, Map<number, PendingUpdate>>();
  return {
    pending,
    put(row) {
      const id = row.update.update_id;
      pending.set(id, row);
      const line = lines.get(row.line) ?? new Map<number, PendingUpdate>();
      lines.set(row.line, line.set(id, row));
    },
    remove(row) {
      const id = row.update.update_id;
      pending.delete(id);
      const line = lines.get(row.line);
      line?.delete(id);
      if (line?.size === 0) lines.delete(row.line);
    },
    *heads() {
      for (const line of lines.values()) {
        const [head] = line.values();
        if (head !== undefined) yield head;
      }
    },
  };
}
