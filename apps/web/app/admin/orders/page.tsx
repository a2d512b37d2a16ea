import { API, ORDER_STATES } from '@opora/contracts';
import { orderColumns } from '../../../features/admin/columns.tsx';
import { DAYS, listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { listWords } from '../../../features/admin/words/lists.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';

export const generateMetadata = () => titleOf('orders');

export default listPage({
  section: 'orders',
  rows: (query) => load(API.orders.list, { query }),
  file: API.orders.export.path,
  filters: [
    { kind: 'choice', name: 'state', options: (language) => stateChoices(ORDER_STATES, language) },
    {
      kind: 'choice',
      name: 'undelivered',
      options: (language) => [['yes', listWords[language].yes]],
    },
    ...DAYS,
  ],
  columns: orderColumns,
  keyOf: ({ id }) => id,
});
