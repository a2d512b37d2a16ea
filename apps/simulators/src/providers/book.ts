import type { Store } from '../store.ts';

/** A stretch of a list, newest first; `after` is the id of the last one already seen. */
export type Window<T> = Readonly<{
  after: string | undefined;
  limit: number;
  fits: (item: T) => boolean;
}>;

export type Page<T> = Readonly<{ items: T[]; next: string | undefined }>;

/** What a vendor keeps on disk, with the indexes that thousands of payments need. */
export interface Book<T> {
  find(id: string): T | undefined;
  save(item: T): void;
  /** Ids, oldest first. */
  ids(): readonly string[];
  /** Everything of one group (payments of an order, refunds of a payment), oldest first. */
  group(key: string | undefined): T[];
  /** Saved and unfinished: the only ones time can change. */
  open(): T[];
  /** `undefined` when `after` names nothing. */
  page(window: Window<T>): Page<T> | undefined;
}

/** `groupOf` makes the groups; `isOpen` says which items time can still change. */
export function openBook<T extends Readonly<{ id: string }>>(
  store: Store,
  name: string,
  kind: { groupOf: (item: T) => string | undefined; isOpen: (item: T) => boolean },
): Book<T> {
  const rows = store.collection<T>(name);
  const order: string[] = [];
  const places = new Map<string, number>();
  const groups = new Map<string, string[]>();
  const unfinished = new Set<string>();
  for (const item of rows.values()) index(item);

  function index(item: T): void {
    if (kind.isOpen(item)) unfinished.add(item.id);
    else unfinished.delete(item.id);
    if (places.has(item.id)) return;
    places.set(item.id, order.length);
    order.push(item.id);
    const key = kind.groupOf(item);
    if (key === undefined) return;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item.id]);
    else members.push(item.id);
  }

  const pick = (ids: Iterable<string>): T[] =>
    [...ids].map((id) => rows.get(id)).filter((item) => item !== undefined);

  return {
    find: (id) => rows.get(id),
    save(item) {
      rows.put(item.id, item);
      index(item);
    },
    ids: () => order,
    group: (key) => (key === undefined ? [] : pick(groups.get(key) ?? [])),
    open: () => pick(unfinished),
    page({ after, limit, fits }) {
      const start = after === undefined ? order.length : places.get(after);
      if (start === undefined) return undefined;
      const items: T[] = [];
      for (let at = start - 1; at >= 0; at -= 1) {
        const item = rows.get(order[at] ?? '');
        if (item === undefined || !fits(item)) continue;
        if (items.length === limit) return { items, next: items.at(-1)?.id };
        items.push(item);
      }
      return { items, next: undefined };
    },
  };
}
