import { API } from '@opora/contracts';
import { auditColumns } from '../../../features/admin/columns.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import { PAGE_KEYS, readQuery, type SearchParams } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';

const PATH = '/admin/audit';
const FILTERS = ['act', 'actorId', 'subjectId', 'from', 'to'] as const;

export const generateMetadata = () => titleOf('audit');

export default async function AuditPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, [...FILTERS, ...PAGE_KEYS]);
  return adminPage({
    section: 'audit',
    data: () => load(API.audit.list, { query }),
    show: ({ visit, session, data }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.audit}
          path={PATH}
          query={query}
          filters={[
            { kind: 'text', name: 'act', label: words.fields.act, value: query['act'] },
            {
              kind: 'text',
              name: 'subjectId',
              label: words.columns.subject,
              value: query['subjectId'],
            },
            { kind: 'date', name: 'from', label: words.fields.from, value: query['from'] },
            { kind: 'date', name: 'to', label: words.fields.to, value: query['to'] },
          ]}
          columns={auditColumns(language)}
          keyOf={({ id }) => id}
          page={data}
          empty={words.empty.audit}
          file={{ path: API.audit.export.path, session }}
        />
      );
    },
  });
}
