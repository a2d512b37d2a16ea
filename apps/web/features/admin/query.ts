/** Filters of a list live in its address; these read and write them. */
export type Query = Readonly<Record<string, string | undefined>>;

/** As Next hands over the query of an address. */
export type SearchParams = Promise<Readonly<Record<string, string | string[] | undefined>>>;

const VALUE_MAX = 200;

/** The named parameters, the first of each, without empty ones; anything else is ignored. */
export async function readQuery(given: SearchParams, names: readonly string[]): Promise<Query> {
  const values = await given;
  return Object.fromEntries(
    names.map((name) => {
      const value = [values[name]].flat()[0]?.trim().slice(0, VALUE_MAX);
      return [name, value === '' ? undefined : value];
    }),
  );
}

/** An address with the query, changed here and there; undefined and empty values are left out. */
export function hrefWith(path: string, query: Query, changes: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, ...changes })) {
    if (value !== undefined && value !== '') search.set(name, value);
  }
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}

export const PAGE_KEYS = ['after', 'before'] as const;
