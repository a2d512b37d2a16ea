import { API, PAYMENT_STATES } from '@opora/contracts';
import { paymentColumns } from '../../../features/admin/columns.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { providerChoices } from '../../../features/admin/words/providers.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';

const PATH = '/admin/payments';
const FILTERS = ['provider', 'state', 'from', 'to'] as const;

export const generateMetadata = () => titleOf('payments');

export default async function PaymentsPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, [...FILTERS, ...PAGE_KEYS]);
  return adminPage({
    section: 'payments',
    data: () => load(API.payments.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.payments}
          path={PATH}
          query={query}
          filters={[
            {
              kind: 'choice',
              name: 'provider',
              label: words.fields.provider,
              value: query['provider'],
              any: words.any,
              options: providerChoices(language),
            },
            {
              kind: 'choice',
              name: 'state',
              label: words.fields.state,
              value: query['state'],
              any: words.any,
              options: stateChoices(PAYMENT_STATES, language),
            },
            { kind: 'date', name: 'from', label: words.fields.from, value: query['from'] },
            { kind: 'date', name: 'to', label: words.fields.to, value: query['to'] },
          ]}
          columns={paymentColumns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.payments}
          file={{ path: API.payments.export.path, session }}
        />
      );
    },
  });
}
