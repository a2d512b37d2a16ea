import type { Book } from '../book.ts';
import { type Form, readWhole } from './form.ts';
import type { Shown } from './present.ts';
import { missing, refuse } from './refusal.ts';

/** A list as the API answers it, newest first. */
export type List = Readonly<{ object: 'list'; data: Shown[]; has_more: boolean; url: string }>;

const LIMIT = { standard: 10, max: 100 };
const BOUNDS: Readonly<Record<string, (difference: number) => boolean>> = {
  gte: (difference) => difference >= 0,
  gt: (difference) => difference > 0,
  lte: (difference) => difference <= 0,
  lt: (difference) => difference < 0,
};

/** `limit`, `starting_after` and `created[...]` are the same for all lists. */
export function listOf<T extends Readonly<{ id: string }>>(
  book: Book<T>,
  query: Form,
  how: Readonly<{
    url: string;
    fits: (item: T) => boolean;
    createdOf: (item: T) => number;
    present: (item: T) => Shown;
  }>,
): List {
  const limit = readWhole(query, 'limit') ?? LIMIT.standard;
  if (limit < 1 || limit > LIMIT.max) refuse('limit', 'Limit must be from 1 to 100');
  if (query.has('ending_before')) refuse('ending_before', 'The simulator reads forward only');
  const after = query.get('starting_after') ?? undefined;
  const inTime = readCreated(query);
  const page = book.page({
    after,
    limit,
    fits: (item) => how.fits(item) && inTime(how.createdOf(item)),
  });
  if (page === undefined) return missing('object', after ?? '', 'starting_after');
  return {
    object: 'list',
    data: page.items.map(how.present),
    has_more: page.next !== undefined,
    url: how.url,
  };
}

function readCreated(query: Form): (created: number) => boolean {
  const bounds = Object.entries(BOUNDS).flatMap(([name, holds]) => {
    const bound = readWhole(query, `created[${name}]`);
    return bound === undefined ? [] : [(created: number): boolean => holds(created - bound)];
  });
  return (created) => bounds.every((holds) => holds(created));
}
