import { API, type DeliveryRow, type SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ActButton } from '../../../features/admin/act-button.tsx';
import { Code, IdLink, PersonLink, StateChip } from '../../../features/admin/cells.tsx';
import { listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';
import type { Column } from '../../../shared/ui/table.tsx';

const STATES = ['waiting', 'stuck', 'delivered'] as const;

export const generateMetadata = () => titleOf('deliveries');

export default listPage({
  section: 'deliveries',
  rows: (query) => load(API.deliveries.list, { query }),
  file: API.deliveries.export.path,
  filters: [
    { kind: 'choice', name: 'state', options: (language) => stateChoices(STATES, language) },
  ],
  columns,
  keyOf: ({ subscriptionId }) => subscriptionId,
});

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
