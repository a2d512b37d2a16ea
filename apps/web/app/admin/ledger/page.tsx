import { API, type TransferRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code, shortened, Sum, TextLink } from '../../../features/admin/cells.tsx';
import { DAYS, listPage } from '../../../features/admin/list-page.tsx';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { hrefWith } from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { todayWords } from '../../../features/admin/words/today.ts';
import { Status } from '../../../shared/ui/status.tsx';
import { Table, type Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/ledger';

export const generateMetadata = () => titleOf('ledger');

export default listPage({
  section: 'ledger',
  rows: async (query) =>
    withAccounts(await load(API.ledger.accounts), await load(API.ledger.transfers, { query })),
  file: API.ledger.export.path,
  filters: [{ kind: 'text', name: 'account' }, { kind: 'text', name: 'reference' }, ...DAYS],
  aside: ({ accounts }, language) => <Accounts accounts={accounts} language={language} />,
  columns,
  keyOf: ({ id }) => id,
});

type Accounts = typeof API.ledger.accounts.example.answer;

function withAccounts<T>(
  accounts: Loaded<Accounts>,
  transfers: Loaded<T>,
): Loaded<T & { accounts: Accounts }> {
  if (accounts.state !== 'ready') return accounts;
  if (transfers.state !== 'ready') return transfers;
  return { state: 'ready', data: { ...transfers.data, accounts: accounts.data } };
}

/** The accounts with what stands on them, and the proof that all of it sums to nothing. */
function Accounts({ accounts, language }: { accounts: Accounts; language: Language }) {
  const { columns: titles } = listWords[language];
  const words = todayWords[language];
  const balances = accounts.sums.every(({ minor }) => minor === '0');
  return (
    <section className="max-w-xl space-y-3">
      <Status tone={balances ? 'good' : 'bad'}>
        {balances ? words.ledgerOk : words.ledgerBroken}
      </Status>
      {accounts.items.length === 0 ? null : (
        <Table
          caption={titles.account}
          rows={accounts.items}
          keyOf={({ code }) => code}
          columns={[
            {
              key: 'account',
              title: titles.account,
              phone: 'main',
              cell: ({ code }) => (
                <TextLink href={hrefWith(PATH, { account: code })}>
                  <Code>{code}</Code>
                </TextLink>
              ),
            },
            {
              key: 'balance',
              title: titles.balance,
              phone: 'end',
              isFigure: true,
              cell: ({ balance }) => <Sum value={balance} language={language} />,
            },
          ]}
        />
      )}
    </section>
  );
}

function columns(language: Language): readonly Column<TransferRow>[] {
  const { columns: titles, transfers } = listWords[language];
  const account = (code: string) => (
    <TextLink href={hrefWith(PATH, { account: code })}>
      <Code title={code}>{shortened(code)}</Code>
    </TextLink>
  );
  return [
    {
      key: 'when',
      title: titles.when,
      phone: 'main',
      cell: ({ postedAt }) => <AdminWhen at={postedAt} language={language} />,
    },
    {
      key: 'kind',
      title: titles.kind,
      phone: 'none',
      cell: ({ kind }) => transfers[kind] ?? kind,
    },
    { key: 'debit', title: titles.debit, phone: 'second', cell: ({ debit }) => account(debit) },
    { key: 'credit', title: titles.credit, phone: 'second', cell: ({ credit }) => account(credit) },
    {
      key: 'sum',
      title: titles.sum,
      phone: 'end',
      isFigure: true,
      cell: ({ amount }) => <Sum value={amount} language={language} />,
    },
    {
      key: 'reference',
      title: titles.reference,
      phone: 'none',
      cell: ({ reference }) => (
        <TextLink href={hrefWith(PATH, { reference })}>
          <Code title={reference}>{shortened(reference)}</Code>
        </TextLink>
      ),
    },
  ];
}
