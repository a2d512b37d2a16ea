import { Button } from './button.tsx';

export type Filter = Readonly<{
  name: string;
  label: string;
  value: string | undefined;
}> &
  (
    | Readonly<{ kind: 'choice'; any: string; options: readonly (readonly [string, string])[] }>
    | Readonly<{ kind: 'text' | 'date' }>
  );

type Props = Readonly<{
  label: string;
  filters: readonly Filter[];
  apply: string;
  clear: { label: string; href: string };
}>;

const CONTROL =
  'min-h-(--control-height) rounded-control border border-control bg-surface px-2 text-14 ';

/**
 * Filters of a list as a plain form: they live in the address, so a reload, the way back and a
 * link that was sent show the same rows. Works without scripts.
 */
export function FilterBar({ label, filters, apply, clear }: Props) {
  const isFiltered = filters.some(({ value }) => value !== undefined);
  return (
    <form method="get" role="search" aria-label={label} className="flex flex-wrap items-end gap-3">
      {filters.map((filter) => (
        <label key={filter.name} className="grid gap-1 text-12 text-muted">
          {filter.label}
          <Control filter={filter} />
        </label>
      ))}
      <Button kind="secondary" type="submit">
        {apply}
      </Button>
      {isFiltered ? (
        <a
          href={clear.href}
          className="inline-flex min-h-(--control-height) items-center text-14 text-accent-text underline underline-offset-4 "
        >
          {clear.label}
        </a>
      ) : null}
    </form>
  );
}

function Control({ filter }: { filter: Filter }) {
  const { name, value = '' } = filter;
  if (filter.kind !== 'choice') {
    return (
      <input
        name={name}
        type={filter.kind === 'date' ? 'date' : 'text'}
        defaultValue={value}
        className={`${CONTROL} text-text ${filter.kind === 'text' ? 'w-56' : ''}`}
      />
    );
  }
  return (
    <select name={name} defaultValue={value} className={`${CONTROL} text-text`}>
      <option value="">{filter.any}</option>
      {filter.options.map(([key, words]) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
    </select>
  );
}
