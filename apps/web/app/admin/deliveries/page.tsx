import { API, type DeliveryRow, type SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ActButton } from '../../../features/admin/act-button.tsx';
import { Code, IdLink, PersonLink, StateChip } from '../../../features/admin/cells.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';
import type { Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/deliveries';

export const generateMetadata = () => titleOf('deliveries');

export default async function DeliveriesPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['state', ...PAGE_KEYS]);
  return adminPage({
    section: 'deliveries',
    data: () => load(API.deliveries.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.deliveries}
          path={PATH}
          query={query}
          filters={[
            {
              kind: 'choice',
              name: 'state',
              label: words.fields.state,
              value: query['state'],
              any: words.any,
              options: stateChoices(['waiting', 'stuck', 'delivered'], language),
            },
          ]}
          columns={columns(language, session)}
          keyOf={({ subscriptionId }) => subscriptionId}
          page={data}
          empty={words.empty.deliveries}
          file={{ path: API.deliveries.export.path, session }}
        />
      );
    },
  });
}

function columns(language: Language, session: SessionWire): readonly Column<DeliveryRow>[] {
  const { columns: titles, none } = listWords[language];
  return [
    {
      key: 'person',
      title: titles.person,
      phone: 'main',
      cell: ({ person }) => <PersonLink person={person} />,
    },
    {
      key: 'order',
      title: titles.order,
      phone: 'none',
      cell: ({ orderId }) => (orderId === null ? none : <IdLink kind="orders" id={orderId} />),
    },
    {
      key: 'state',
      title: titles.state,
      phone: 'end',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    {
      key: 'since',
      title: titles.since,
      phone: 'second',
      cell: ({ since }) => <AdminWhen at={since} language={language} />,
    },
    {
      key: 'tries',
      title: titles.tries,
      phone: 'none',
      isFigure: true,
      cell: ({ attempts }) => attempts,
    },
    {
      key: 'error',
      title: titles.lastError,
      phone: 'second',
      cell: ({ lastError }) => (lastError === null ? none : <Code>{lastError}</Code>),
    },
    {
      key: 'act',
      title: '',
      phone: 'second',
      cell: ({ subscriptionId, state }) =>
        state === 'delivered' ? null : (
          <ActButton act="retry" wish={{ subscriptionId }} session={session} language={language} />
        ),
    },
  ];
}
