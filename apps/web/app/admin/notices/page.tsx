import { API, NOTICE_STATES, type NoticeRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code, StateChip, TextLink } from '../../../features/admin/cells.tsx';
import { DAYS, listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { providerChoices, providerName } from '../../../features/admin/words/providers.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';
import type { Column } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('notices');

/** What providers sent and we took; those that fit no order of ours are only set aside. */
export default listPage({
  section: 'notices',
  rows: (query) => load(API.notices.list, { query }),
  file: API.notices.export.path,
  filters: [
    { kind: 'choice', name: 'provider', options: providerChoices },
    { kind: 'choice', name: 'state', options: (language) => stateChoices(NOTICE_STATES, language) },
    ...DAYS,
  ],
  columns,
  keyOf: ({ id }) => id,
});

function columns(language: Language): readonly Column<NoticeRow>[] {
  const { columns: titles, none } = listWords[language];
  return [
    {
      key: 'when',
      title: titles.when,
      phone: 'main',
      cell: ({ id, lastReceivedAt }) => (
        <TextLink href={`/admin/notices/${id}`}>
          <AdminWhen at={lastReceivedAt} language={language} />
        </TextLink>
      ),
    },
    {
      key: 'provider',
      title: titles.provider,
      phone: 'end',
      cell: ({ provider }) => providerName(provider, language),
    },
    {
      key: 'event',
      title: titles.event,
      phone: 'second',
      cell: ({ event }) => <Code>{event}</Code>,
    },
    {
      key: 'reference',
      title: titles.reference,
      phone: 'second',
      cell: ({ reference }) => (
        <TextLink href={`/admin/search?q=${encodeURIComponent(reference)}`}>
          <Code>{reference}</Code>
        </TextLink>
      ),
    },
    {
      key: 'state',
      title: titles.state,
      phone: 'second',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    {
      key: 'outcome',
      title: titles.outcome,
      phone: 'none',
      cell: ({ outcome }) => (outcome === null ? none : <Code>{outcome}</Code>),
    },
    {
      key: 'receipts',
      title: titles.receipts,
      phone: 'none',
      isFigure: true,
      cell: ({ receipts }) => receipts,
    },
  ];
}
