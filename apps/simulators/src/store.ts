import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * What the outside world remembers. Vendors do not forget when our platform is killed, so every
 * collection is written through to one SQLite file and read back at start.
 */
export interface Collection<T> {
  get(id: string): T | undefined;
  /** Stores a plain JSON value (no bigint, no Date) under `id`, replacing what was there. */
  put(id: string, value: T): void;
  delete(id: string): void;
  /** In the order of first insertion. */
  values(): T[];
  entries(): [string, T][];
  readonly size: number;
}

export interface Store {
  collection<T>(name: string): Collection<T>;
  /** A number that grows by one at each call and survives restarts, starting with 1. */
  sequence(name: string): number;
  /** Several writes as one: a vendor's act is on disk whole or not at all. */
  together<T>(act: () => T): T;
  close(): void;
}

/** How a collection is opened: its rows are read into memory and every change is written through. */
function collectionsIn(database: DatabaseSync): <T>(name: string) => Collection<T> {
  const load = database.prepare(
    'select id, value from item where collection = ? order by position',
  );
  const upsert = database.prepare(
    `insert into item (collection, id, value) values (?, ?, ?)
       on conflict (collection, id) do update set value = excluded.value`,
  );
  const remove = database.prepare('delete from item where collection = ? and id = ?');
  return <T>(name: string): Collection<T> => {
    const rows = new Map<string, T>();
    for (const row of load.all(name)) {
      rows.set(String(row['id']), JSON.parse(String(row['value'])) as T); // written by put below
    }
    return {
      get: (id) => rows.get(id),
      put(id, value) {
        upsert.run(name, id, JSON.stringify(value));
        rows.set(id, value);
      },
      delete(id) {
        remove.run(name, id);
        rows.delete(id);
      },
      values: () => [...rows.values()],
      entries: () => [...rows.entries()],
      get size() {
        return rows.size;
      },
    };
  };
}

/** `folder` undefined keeps everything in memory: for tests. */
export function openStore(folder: string | undefined): Store {
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  const database = new DatabaseSync(
    folder === undefined ? ':memory:' : join(folder, 'world.sqlite'),
  );
  database.exec('pragma journal_mode = wal; pragma synchronous = normal;');
  database.exec(
    `create table if not exists item (position integer primary key, collection text not null,
       id text not null, value text not null, unique (collection, id))`,
  );
  const open = collectionsIn(database);
  const opened = new Map<string, Collection<unknown>>();
  let depth = 0;

  const store: Store = {
    collection<T>(name: string): Collection<T> {
      const known = opened.get(name);
      if (known !== undefined) return known as Collection<T>; // one name always holds one type
      const made = open<T>(name);
      opened.set(name, made);
      return made;
    },
    sequence(name) {
      const counters = store.collection<number>('sequences');
      const next = (counters.get(name) ?? 0) + 1;
      counters.put(name, next);
      return next;
    },
    together(act) {
      if (depth > 0) return act();
      depth += 1;
      database.exec('begin');
      try {
        const result = act();
        database.exec('commit');
        return result;
      } catch (error) {
        database.exec('rollback');
        throw error;
      } finally {
        depth -= 1;
      }
    },
    close: () => {
      database.close();
    },
  };
  return store;
}
