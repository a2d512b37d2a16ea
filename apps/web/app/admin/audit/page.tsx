import { API } from '@opora/contracts';
import { auditColumns } from '../../../features/admin/columns.tsx';
import { DAYS, listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';

export const generateMetadata = () => titleOf('audit');

export default listPage({
  section: 'audit',
  rows: (query) => load(API.audit.list, { query }),
  file: API.audit.export.path,
  filters: [
    { kind: 'text', name: 'act' },
    { kind: 'text', name: 'subjectId', label: (words) => words.columns.subject },
    ...DAYS,
  ],
  also: ['actorId'],
  columns: auditColumns,
  keyOf: ({ id }) => id,
});
