import type { SessionWire } from '@opora/contracts';
import type { ReactNode } from 'react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { FilterBar, type Filter } from '../../shared/ui/filter-bar.tsx';
import { Pager } from '../../shared/ui/pager.tsx';
import { Table, type Column } from '../../shared/ui/table.tsx';
import type { Visit } from '../site/visit.ts';
import { ListFile } from './list-file.tsx';
import { hrefWith, type Query } from './query.ts';
import { listWords } from './words/lists.ts';

/** One page of a list, and the ways on from it. */
export type ListRows<Row> = Readonly<{
  items: readonly Row[];
  older: string | null;
  newer: string | null;
}>;

type Props<Row> = Readonly<{
  visit: Visit;
  title: string;
  path: string;
  query: Query;
  filters?: readonly Filter[];
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  page: ListRows<Row>;
  empty: Readonly<{ title: string; why: string }>;
  /** The address of the same rows as a file, and who asks: it is offered to those who may. */
  file?: Readonly<{ path: string; session: SessionWire }>;
  aside?: ReactNode;
}>;

/** A list of staff: filters, rows, pages. What is empty says why, and how to see more. */
export function ListView<Row>(props: Props<Row>) {
  const { visit, title, path, query, filters = [], page } = props;
  const words = listWords[visit.language];
  return (
    <div className="space-y-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-22">{title}</h1>
        <File {...props} />
      </div>
      {props.aside}
      {filters.length === 0 ? null : (
        <FilterBar
          label={words.filters}
          filters={filters}
          apply={words.apply}
          clear={{ label: words.clear, href: path }}
        />
      )}
      {page.items.length === 0 ? (
        <Nothing {...props} />
      ) : (
        <>
          <Table caption={title} columns={props.columns} rows={page.items} keyOf={props.keyOf} />
          <Pager
            label={words.pages}
            newer={{ label: words.newer, href: step(path, query, { before: page.newer }) }}
            older={{ label: words.older, href: step(path, query, { after: page.older }) }}
            shown={words.shown(page.items.length)}
          />
        </>
      )}
    </div>
  );
}

/** All rows that the filters let through: a file has no pages. */
function File<Row>({ file, query, visit }: Props<Row>) {
  if (file === undefined) return null;
  const href = hrefWith(file.path, query, { after: undefined, before: undefined });
  return <ListFile href={href} session={file.session} language={visit.language} />;
}

function Nothing<Row>({ visit, filters = [], empty, path }: Props<Row>) {
  const words = listWords[visit.language];
  const isFiltered = filters.some(({ value }) => value !== undefined);
  const said = isFiltered ? words.emptyFiltered : empty;
  return (
    <Empty
      title={said.title}
      why={said.why}
      step={
        isFiltered ? (
          <LinkButton kind="secondary" href={path}>
            {words.clear}
          </LinkButton>
        ) : null
      }
    />
  );
}

/** The address of the next page in one direction; undefined at the end of the list. */
function step(
  path: string,
  query: Query,
  to: { after?: string | null; before?: string | null },
): string | undefined {
  const after = to.after ?? undefined;
  const before = to.before ?? undefined;
  if (after === undefined && before === undefined) return undefined;
  return hrefWith(path, query, { after, before });
}
