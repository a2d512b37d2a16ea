/**
 * Telegram's book of Stars, which it gives by position, the oldest first, and never by id. The book
 * only grows, so where its last page began is remembered and everything is looked for backwards
 * from there: what was paid a moment ago costs one call.
 */
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { TimeWindow } from '../../provider.ts';
import { readAs } from '../json-api.ts';
import type { StarsClient } from './client.ts';
import { isBack, isSale, transactionSchema, type Charge, type Transaction } from './map.ts';

/** Largest page Telegram gives. */
const PAGE_SIZE = 100;
/** 100,000 transactions back; what is older must be looked up by hand. */
const PAGES_MAX = 1_000;
/** Where an invoice is looked for that may not have been paid at all: the newest 200 to 300. */
const RECENT_PAGES = 3;
/** The way to the end is found by doubling: more steps than these would be a fault. */
const STEPS_MAX = 200;

const pageSchema = z.object({ transactions: z.array(z.unknown()).max(PAGE_SIZE) });

export interface Book {
  /** The charge with this id; undefined when the book has none. */
  find(id: string): Promise<Charge | undefined>;
  /** The first charge of this invoice among the newest transactions. */
  findPaid(payload: string): Promise<Charge | undefined>;
  /** Payments of persons in the window, newest first; throws last when an item was odd. */
  list(window: TimeWindow): AsyncIterable<Charge>;
}

type Item = Transaction | 'odd';

/** Items from the newest on, by pages; throws at the greatest depth, ends at a smaller one. */
type Backwards = (pagesMax: number) => AsyncGenerator<Item>;

export function createBook(client: StarsClient): Book {
  const backwards = createReader(client);
  return {
    async find(id) {
      let back: Transaction | undefined;
      for await (const item of backwards(PAGES_MAX)) {
        if (item === 'odd' || item.id !== id) continue;
        if (isSale(item)) return { sale: item, back };
        if (isBack(item)) back = item;
      }
      return undefined;
    },
    async findPaid(payload) {
      const backs = new Map<string, Transaction>();
      let first: Transaction | undefined;
      for await (const item of backwards(RECENT_PAGES)) {
        if (item === 'odd') continue;
        if (isBack(item)) backs.set(item.id, item);
        if (isSale(item) && item.source?.invoice_payload === payload) first = item;
      }
      return first && { sale: first, back: backs.get(first.id) };
    },
    async *list({ from, to }) {
      const backs = new Map<string, Transaction>();
      let hasOdd = false;
      for await (const item of backwards(PAGES_MAX)) {
        if (item === 'odd') {
          hasOdd = true;
          continue;
        }
        const at = new Date(item.date * 1_000);
        if (at < from) break;
        if (isBack(item)) backs.set(item.id, item);
        if (isSale(item) && at < to) yield { sale: item, back: backs.get(item.id) };
      }
      if (hasOdd) throw new ProviderProtocolError('stars: a transaction that cannot be read');
    },
  };
}

function createReader(client: StarsClient): Backwards {
  let lastPage = 0;

  async function page(offset: number): Promise<Item[]> {
    const answer = await client.getStarTransactions({ offset, limit: PAGE_SIZE });
    const { transactions } = readAs(pageSchema, answer, 'page of stars');
    return transactions.map((item) => transactionSchema.safeParse(item).data ?? 'odd');
  }

  async function newest(): Promise<{ offset: number; items: Item[] }> {
    let offset = lastPage;
    let items = await page(offset);
    // Shorter than it was: another bot's book.
    if (items.length === 0 && offset > 0) {
      offset = 0;
      items = await page(offset);
    }
    let step = PAGE_SIZE;
    for (let steps = 0; items.length === PAGE_SIZE; steps += 1) {
      if (steps === STEPS_MAX) throw new ProviderProtocolError('stars: the book has no end');
      const ahead = await page(offset + step);
      if (ahead.length > 0) {
        [offset, items, step] = [offset + step, ahead, step * 2];
      } else if (step > PAGE_SIZE) step = PAGE_SIZE;
      else break;
    }
    lastPage = offset;
    return { offset, items };
  }

  return async function* backwards(pagesMax) {
    let { offset, items } = await newest();
    for (let pages = 1; ; pages += 1) {
      yield* items.toReversed();
      if (offset === 0) return;
      if (pages === pagesMax) break;
      offset -= PAGE_SIZE;
      items = await page(offset);
    }
    if (pagesMax === PAGES_MAX) {
      throw new ProviderProtocolError(`stars: not in the last ${String(PAGES_MAX)} pages`);
    }
  };
}
