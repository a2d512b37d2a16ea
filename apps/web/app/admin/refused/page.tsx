import { API, type RefusalRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code, TextLink } from '../../../features/admin/cells.tsx';
import { DAYS, listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { providerChoices, providerName } from '../../../features/admin/words/providers.ts';
import type { Column } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('refused');

/** Refused at the door, with the reason and what to check. */
export default listPage({
  section: 'refused',
  rows: (query) => load(API.notices.refusals, { query }),
  file: API.notices.exportRefusals.path,
  filters: [
    { kind: 'choice', name: 'provider', options: providerChoices },
    { kind: 'text', name: 'reason' },
    ...DAYS,
  ],
  columns: refusalColumns,
  keyOf: ({ id }) => id,
});

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
