import type { ReactNode } from 'react';

/** One column; on a phone a row becomes a card of two lines and each column has its place there. */
export type Column<Row> = Readonly<{
  key: string;
  title: string;
  cell: (row: Row) => ReactNode;
  /** Figures stand at the end of their column. */
  isFigure?: boolean;
  /** Tables of one kind below each other stand in line: a width for this column, as a class. */
  width?: string;
  /** `main` begins the card, `end` closes its first line, `second` is small below, `none` waits for a desk. */
  phone: 'main' | 'end' | 'second' | 'none';
}>;

type Props<Row> = Readonly<{
  /** What the rows are, for those who cannot see the page's heading. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}>;

const ON_PHONE = {
  main: 'max-sm:col-start-1 max-sm:row-start-1 max-sm:font-semibold',
  end: 'max-sm:col-start-2 max-sm:row-start-1 max-sm:justify-self-end',
  second: 'max-sm:col-span-2 max-sm:text-muted',
  none: 'max-sm:hidden',
} as const;

/**
 * The one table of the platform, drawn on the server. Wide ones scroll inside a region that can be
 * focused, never the page; a row's link is in its first cell.
 */
export function Table<Row>({ caption, columns, rows, keyOf }: Props<Row>) {
  return (
    <div
      role="region"
      aria-label={caption}
      tabIndex={0}
      className="overflow-x-auto rounded-card border border-line bg-surface"
    >
      <table className="w-full border-collapse text-14 max-sm:block">
        <caption className="sr-only">{caption}</caption>
        <thead className="max-sm:sr-only">
          <tr className="border-b border-line text-left text-muted">
            {columns.map(({ key, title, isFigure, width = '' }) => (
              <th
                key={key}
                scope="col"
                className={`px-3 py-2 align-bottom font-semibold ${width} ${isFigure === true ? 'text-right' : ''}`}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line max-sm:block">
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              className="hover:bg-sunken max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-x-3 max-sm:gap-y-1 max-sm:p-3"
            >
              {columns.map((column) => (
                <Cell key={column.key} column={column} content={column.cell(row)} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What a cell without an answer says on a desk; a card on a phone leaves it out. */
const NOTHING = '—';

function Cell<Row>({ column, content }: { column: Column<Row>; content: ReactNode }) {
  const { isFigure, phone } = column;
  const place = ON_PHONE[content === NOTHING || content === null ? 'none' : phone];
  const figure = isFigure === true ? 'text-right whitespace-nowrap' : '';
  return <td className={`px-3 py-2 align-middle max-sm:p-0 ${figure} ${place}`}>{content}</td>;
}
