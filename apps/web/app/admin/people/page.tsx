import { API, type PersonRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { StateChip, TextLink } from '../../../features/admin/cells.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminDay, AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';
import type { Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/people';

export const generateMetadata = () => titleOf('people');

export default async function PeoplePage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['q', 'state', ...PAGE_KEYS]);
  return adminPage({
    section: 'people',
    data: () => load(API.people.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.people}
          path={PATH}
          query={query}
          filters={[
            { kind: 'text', name: 'q', label: words.fields.query, value: query['q'] },
            {
              kind: 'choice',
              name: 'state',
              label: words.fields.state,
              value: query['state'],
              any: words.any,
              options: stateChoices(['active', 'banned'], language),
            },
          ]}
          columns={columns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.people}
          file={{ path: API.people.export.path, session }}
        />
      );
    },
  });
}

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
