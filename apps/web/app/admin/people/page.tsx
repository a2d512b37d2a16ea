import { API, type PersonRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { StateChip, TextLink } from '../../../features/admin/cells.tsx';
import { listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminDay, AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';
import type { Column } from '../../../shared/ui/table.tsx';

export const generateMetadata = () => titleOf('people');

export default listPage({
  section: 'people',
  rows: (query) => load(API.people.list, { query }),
  file: API.people.export.path,
  filters: [
    { kind: 'text', name: 'q', label: (words) => words.fields.query },
    {
      kind: 'choice',
      name: 'state',
      options: (language) => stateChoices(['active', 'banned'], language),
    },
  ],
  columns,
  keyOf: ({ id }) => id,
});

function columns(language: Language): readonly Column<PersonRow>[] {
  const words = listWords[language];
  return [
    {
      key: 'person',
      title: words.columns.person,
      phone: 'main',
      cell: ({ id, name }) => <TextLink href={`/admin/people/${id}`}>{name}</TextLink>,
    },
    {
      key: 'telegram',
      title: words.columns.telegram,
      phone: 'second',
      cell: ({ telegramUsername, telegramId }) =>
        telegramUsername === null ? (telegramId ?? words.none) : `@${telegramUsername}`,
    },
    {
      key: 'email',
      title: words.columns.email,
      phone: 'none',
      cell: ({ email }) => email ?? words.none,
    },
    {
      key: 'state',
      title: words.columns.state,
      phone: 'end',
      cell: ({ state, subscription }) => (
        <StateChip
          name={state === 'banned' ? state : (subscription?.state ?? 'none')}
          language={language}
        />
      ),
    },
    {
      key: 'until',
      title: words.columns.until,
      phone: 'second',
      cell: ({ subscription }) =>
        subscription === null ? (
          words.none
        ) : (
          <AdminDay at={subscription.endsAt} language={language} />
        ),
    },
    {
      key: 'when',
      title: words.columns.when,
      phone: 'none',
      cell: ({ createdAt }) => <AdminWhen at={createdAt} language={language} />,
    },
  ];
}
