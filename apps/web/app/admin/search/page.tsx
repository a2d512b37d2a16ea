import { API } from '@opora/contracts';
import { redirect } from 'next/navigation';
import { TextLink } from '../../../features/admin/cells.tsx';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { Empty } from '../../../shared/ui/empty.tsx';
import { Table } from '../../../shared/ui/table.tsx';

type Found = typeof API.people.search.example.answer;
type Hit = Found['items'][number];

export const generateMetadata = () => titleOf('people');

/** One hit opens at once; several are a list to choose from. */
export default async function SearchPage({ searchParams }: { searchParams: SearchParams }) {
  const { q } = await readQuery(searchParams, ['q']);
  return adminPage({
    section: undefined,
    data: async (): Promise<Loaded<Found>> =>
      q === undefined
        ? { state: 'ready', data: { items: [] } }
        : load(API.people.search, { query: { q } }),
    show: ({ visit: { language }, data }) => {
      const [only, ...others] = data.items;
      if (only !== undefined && others.length === 0) redirect(placeOf(only));
      const words = listWords[language];
      return (
        <div className="space-y-4">
          <h1 className="text-22">{`${words.columns.found}: ${q ?? ''}`}</h1>
          {only === undefined ? (
            <Empty {...words.empty.search} step={null} />
          ) : (
            <Table
              caption={words.columns.found}
              rows={data.items}
              keyOf={({ id }) => id}
              columns={[
                {
                  key: 'title',
                  title: words.columns.found,
                  phone: 'main',
                  cell: (hit) => <TextLink href={placeOf(hit)}>{hit.title}</TextLink>,
                },
                {
                  key: 'kind',
                  title: words.columns.kind,
                  phone: 'end',
                  cell: ({ kind }) => shellWords[language].kinds[kind],
                },
                {
                  key: 'detail',
                  title: words.columns.detail,
                  phone: 'second',
                  cell: ({ detail }) => detail,
                },
              ]}
            />
          )}
        </div>
      );
    },
  });
}

/** A subscription has no page of its own: it stands on its person's. */
function placeOf({ kind, id, personId }: Hit): string {
  if (kind === 'order') return `/admin/orders/${id}`;
  return kind === 'payment' ? `/admin/payments/${id}` : `/admin/people/${personId}`;
}
