/** What the queries of lists have in common, from the wire to the modules. */
import { pageWish, type Page, type PageWish } from '../../../platform/db/index.ts';

const DAY_MS = 86_400_000;

/** From the beginning of the first day to the end of the last, UTC. */
export function period(query: { from?: string | undefined; to?: string | undefined }): {
  from: Date | undefined;
  to: Date | undefined;
} {
  const { from, to } = query;
  return {
    from: from === undefined ? undefined : new Date(`${from}T00:00:00Z`),
    to: to === undefined ? undefined : new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS),
  };
}

/** One page of facts as one page of rows; throws `CursorInvalid`. */
export async function listed<Fact, Row>(
  query: Parameters<typeof pageWish>[0],
  list: (page: PageWish) => Promise<Page<Fact>>,
  present: (facts: readonly Fact[]) => Row[] | Promise<Row[]>,
): Promise<{ items: Row[]; older: string | null; newer: string | null }> {
  const { items, older, newer } = await list(pageWish(query));
  return { items: await present(items), older, newer };
}
