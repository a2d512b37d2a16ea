import type { SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { ReactNode } from 'react';
import type { Filter } from '../../shared/ui/filter-bar.tsx';
import type { Column } from '../../shared/ui/table.tsx';
import { ListView, type ListRows } from './list-view.tsx';
import type { Loaded } from './load.ts';
import { adminPage } from './page.tsx';
import { PAGE_KEYS, readQuery, type Query, type SearchParams } from './query.ts';
import { SECTIONS, type SectionName } from './sections.ts';
import { listWords } from './words/lists.ts';
import { shellWords } from './words/shell.ts';

type Words = (typeof listWords)['en'];
/** Sections that say why their list is empty. */
type ListName = SectionName & keyof Words['empty'];

/** A filter as its page declares it; without a label it has the one of its name. */
export type ListFilter = (
  | Readonly<{ name: keyof Words['fields']; label?: undefined }>
  | Readonly<{ name: string; label: (words: Words) => string }>
) &
  (
    | Readonly<{ kind: 'text' | 'date' }>
    | Readonly<{ kind: 'choice'; options: (language: Language) => Choices }>
  );
type Choices = Extract<Filter, { kind: 'choice' }>['options'];

type List<Row, Data> = Readonly<{
  section: ListName;
  /** What the address asks for: the rows of one page, and whatever `aside` shows. */
  rows: (query: Query) => Promise<Loaded<Data>>;
  /** The address of the same rows as a file. */
  file: string;
  filters: readonly ListFilter[];
  /** Parameters that links of other pages bring and that have no field here. */
  also?: readonly string[];
  columns: (language: Language, session: SessionWire) => readonly Column<Row>[];
  keyOf: (row: Row) => string;
  aside?: (data: Data, language: Language) => ReactNode;
}>;

/** From one day to another, both of them included. */
export const DAYS: readonly ListFilter[] = [
  { kind: 'date', name: 'from' },
  { kind: 'date', name: 'to' },
];

/** A page of staff that is a list, as Next wants it: filters and place in the address, rows, a file. */
export function listPage<Row, Data extends ListRows<Row>>(list: List<Row, Data>) {
  const names = [...list.filters.map(({ name }) => name), ...(list.also ?? []), ...PAGE_KEYS];
  return async function ListPage({ searchParams }: { searchParams: SearchParams }) {
    const query = await readQuery(searchParams, names);
    return adminPage({
      section: list.section,
      data: () => list.rows(query),
      show: ({ visit, session, data }) => {
        const { language } = visit;
        return (
          <ListView
            visit={visit}
            title={shellWords[language].pages[list.section]}
            path={SECTIONS[list.section].href}
            query={query}
            aside={list.aside?.(data, language)}
            filters={list.filters.map((filter) => shown(filter, query, language))}
            columns={list.columns(language, session)}
            keyOf={list.keyOf}
            page={data}
            empty={listWords[language].empty[list.section]}
            file={{ path: list.file, session }}
          />
        );
      },
    });
  };
}

function shown(filter: ListFilter, query: Query, language: Language): Filter {
  const words = listWords[language];
  const label = filter.label === undefined ? words.fields[filter.name] : filter.label(words);
  const field = { name: filter.name, label, value: query[filter.name] };
  return filter.kind === 'choice'
    ? { ...field, kind: filter.kind, any: words.any, options: filter.options(language) }
    : { ...field, kind: filter.kind };
}
