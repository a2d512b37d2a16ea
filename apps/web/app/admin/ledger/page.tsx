import { API, type TransferRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Code, shortened, Sum, TextLink } from '../../../features/admin/cells.tsx';
import { ListView } from '../../../features/admin/list-view.tsx';
import { load, type Loaded } from '../../../features/admin/load.ts';
import { adminPage } from '../../../features/admin/page.tsx';
import {
  hrefWith,
  PAGE_KEYS,
  readQuery,
  type SearchParams,
} from '../../../features/admin/query.ts';
import { titleOf } from '../../../features/admin/title.ts';
import { AdminWhen } from '../../../features/admin/when.tsx';
import { listWords } from '../../../features/admin/words/lists.ts';
import { shellWords } from '../../../features/admin/words/shell.ts';
import { todayWords } from '../../../features/admin/words/today.ts';
import { Status } from '../../../shared/ui/status.tsx';
import { Table, type Column } from '../../../shared/ui/table.tsx';

const PATH = '/admin/ledger';

export const generateMetadata = () => titleOf('ledger');

export default async function LedgerPage({ searchParams }: { searchParams: SearchParams }) {
  const query = await readQuery(searchParams, ['account', 'reference', 'from', 'to', ...PAGE_KEYS]);
  return adminPage({
    section: 'ledger',
    data: async () =>
      both(await load(API.ledger.accounts), await load(API.ledger.transfers, { query })),
    show: ({ visit, session, data: { accounts, transfers } }) => {
      const { language } = visit;
      const words = listWords[language];
      return (
        <ListView
          visit={visit}
          title={shellWords[language].pages.ledger}
          path={PATH}
          query={query}
          aside={<Accounts accounts={accounts} language={language} />}
          filters={[
            { kind: 'text', name: 'account', label: words.fields.account, value: query['account'] },
            {
              kind: 'text',
              name: 'reference',
              label: words.fields.reference,
              value: query['reference'],
            },
            { kind: 'date', name: 'from', label: words.fields.from, value: query['from'] },
            { kind: 'date', name: 'to', label: words.fields.to, value: query['to'] },
          ]}
          columns={columns(language)}
          keyOf={({ id }) => id}
          page={transfers}
          empty={words.empty.ledger}
          file={{ path: API.ledger.export.path, session }}
        />
      );
    },
  });
}

type Accounts = typeof API.ledger.accounts.example.answer;

function both<T>(
  accounts: Loaded<Accounts>,
  transfers: Loaded<T>,
): Loaded<{ accounts: Accounts; transfers: T }> {
  if (accounts.state !== 'ready') return accounts;
  if (transfers.state !== 'ready') return transfers;
  return { state: 'ready', data: { accounts: accounts.data, transfers: transfers.data } };
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
