import { API, type RefusalRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code, TextLink } from '../../../features/admin/cells.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { providerChoices, providerName } from '../../../features/admin/words/providers.ts';
import type { Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/refused';

export const generateMetadata = () => titleOf('refused');

/** Refused at the door, with the reason and what to check. */
export default async function RefusedPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['provider', 'reason', 'from', 'to', ...PAGE_KEYS]);
  return adminPage({
    section: 'refused',
    data: () => load(API.notices.refusals, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.refused}
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
            { kind: 'text', name: 'reason', label: words.fields.reason, value: query['reason'] },
            { kind: 'date', name: 'from', label: words.fields.from, value: query['from'] },
            { kind: 'date', name: 'to', label: words.fields.to, value: query['to'] },
          ]}
          columns={refusalColumns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.refused}
          file={{ path: API.notices.exportRefusals.path, session }}
        />
      );
    },
  });
}

function refusalColumns(language: Language): readonly Column<RefusalRow>[] {
  const { columns } = listWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ id, receivedAt }) => (
        <TextLink href={`/admin/refused/${id}`}>
          <AdminWhen at={receivedAt} language={language} />
        </TextLink>
      ),
    },
    {
      key: 'provider',
      title: columns.provider,
      phone: 'end',
      cell: ({ provider }) => providerName(provider, language),
    },
    {
      key: 'reason',
      title: columns.reason,
      phone: 'second',
      cell: ({ reason }) => <Code>{reason}</Code>,
    },
    { key: 'detail', title: columns.detail, phone: 'none', cell: ({ detail }) => detail },
    { key: 'check', title: columns.check, phone: 'second', cell: ({ check }) => check[language] },
    { key: 'from', title: columns.from, phone: 'none', cell: ({ remoteAddress }) => remoteAddress },
  ];
}
