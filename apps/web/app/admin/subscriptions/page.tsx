import { API } from '@opora/contracts';
import { subscriptionColumns } from '../../../features/admin/columns.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';

const PATH = '/admin/subscriptions';
const ENDS_WITHIN = ['1', '3', '7', '30'] as const;

export const generateMetadata = () => titleOf('subscriptions');

export default async function SubscriptionsPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['state', 'endsWithinDays', ...PAGE_KEYS]);
  return adminPage({
    section: 'subscriptions',
    data: () => load(API.subscriptions.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.subscriptions}
          path={PATH}
          query={query}
          filters={[
            {
              kind: 'choice',
              name: 'state',
              label: words.fields.state,
              value: query['state'],
              any: words.any,
              options: stateChoices(['active', 'expired', 'pending'], language),
            },
            {
              kind: 'choice',
              name: 'endsWithinDays',
              label: words.fields.ends,
              value: query['endsWithinDays'],
              any: words.any,
              options: ENDS_WITHIN.map((days) => [days, days] as const),
            },
          ]}
          columns={subscriptionColumns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.subscriptions}
          file={{ path: API.subscriptions.export.path, session }}
        />
      );
    },
  });
}
