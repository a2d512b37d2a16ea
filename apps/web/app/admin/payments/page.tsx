import { API, PAYMENT_STATES } from '@opora/contracts';
import { paymentColumns } from '../../../features/admin/columns.tsx';
import { DAYS, listPage } from '../../../features/admin/list-page.tsx';
import { load } from '../../../features/admin/load.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { providerChoices } from '../../../features/admin/words/providers.ts';
import { stateChoices } from '../../../features/admin/words/states.ts';

export const generateMetadata = () => titleOf('payments');

export default listPage({
  section: 'payments',
  rows: (query) => load(API.payments.list, { query }),
  file: API.payments.export.path,
  filters: [
    { kind: 'choice', name: 'provider', options: providerChoices },
    {
      kind: 'choice',
      name: 'state',
      options: (language) => stateChoices(PAYMENT_STATES, language),
    },
    ...DAYS,
  ],
  columns: paymentColumns,
  keyOf: ({ id }) => id,
});
