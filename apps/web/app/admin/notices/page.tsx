import { API, NOTICE_STATES, type NoticeRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code, StateChip, TextLink } from '../../../features/admin/cells.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { providerChoices, providerName } from '../../../features/admin/words/providers.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';
import type { Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/notices';
const FILTERS = ['provider', 'state', 'from', 'to'] as const;

export const generateMetadata = () => titleOf('notices');

/** What providers sent and we took; those that fit no order of ours are only set aside. */
export default async function NoticesPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, [...FILTERS, ...PAGE_KEYS]);
  return adminPage({
    section: 'notices',
    data: () => load(API.notices.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.notices}
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
              options: stateChoices(NOTICE_STATES, language),
            },
            { kind: 'date', name: 'from', label: words.fields.from, value: query['from'] },
            { kind: 'date', name: 'to', label: words.fields.to, value: query['to'] },
          ]}
          columns={columns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.notices}
          file={{ path: API.notices.export.path, session }}
        />
      );
    },
  });
}

function columns(language: Language): readonly Column<NoticeRow>[] {
  const { columns: titles, none } = listWords[language];
  return [
    {
      key: 'when',
      title: titles.when,
      phone: 'main',
      cell: ({ id, lastReceivedAt }) => (
        <TextLink href={`${PATH}/${id}`}>
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
