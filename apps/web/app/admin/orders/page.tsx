import { API, ORDER_STATES } from '@opora/contracts';
import { orderColumns } from '../../../features/admin/columns.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';

const PATH = '/admin/orders';
const FILTERS = ['state', 'undelivered', 'from', 'to'] as const;

export const generateMetadata = () => titleOf('orders');

export default async function OrdersPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, [...FILTERS, ...PAGE_KEYS]);
  return adminPage({
    section: 'orders',
    data: () => load(API.orders.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.orders}
          path={PATH}
          query={query}
          filters={[
            {
              kind: 'choice',
              name: 'state',
              label: words.fields.state,
              value: query['state'],
              any: words.any,
              options: stateChoices(ORDER_STATES, language),
            },
            {
              kind: 'choice',
              name: 'undelivered',
              label: words.fields.undelivered,
              value: query['undelivered'],
              any: words.any,
              options: [['yes', words.yes]],
            },
            { kind: 'date', name: 'from', label: words.fields.from, value: query['from'] },
            { kind: 'date', name: 'to', label: words.fields.to, value: query['to'] },
          ]}
          columns={orderColumns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.orders}
          file={{ path: API.orders.export.path, session }}
        />
      );
    },
  });
}
