import { API } from '@opora/contracts';
import { subscriptionColumns } from '../../../features/admin/columns.tsx';
import { listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';

const STATES = ['active', 'expired', 'pending'] as const;
const ENDS_WITHIN = ['1', '3', '7', '30'] as const;

export const generateMetadata = () => titleOf('subscriptions');

export default listPage({
  section: 'subscriptions',
  rows: (query) => load(API.subscriptions.list, { query }),
  file: API.subscriptions.export.path,
  filters: [
    { kind: 'choice', name: 'state', options: (language) => stateChoices(STATES, language) },
    {
      kind: 'choice',
      name: 'endsWithinDays',
      label: (words) => words.fields.ends,
      options: () => ENDS_WITHIN.map((days) => [days, days]),
    },
  ],
  columns: subscriptionColumns,
  keyOf: ({ id }) => id,
});
