/** Columns of one person's own money: moves of the balance, kept methods, renewals. */
import type { BalanceEntryWire, PersonMethodWire, PersonRenewalWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Column } from '../../shared/ui/table.tsx';
import { Code, IdLink, StateChip, Sum } from './cells.tsx';
import { AdminDay, AdminWhen } from './when.tsx';
import { listWords } from './words/lists.ts';
import { moneyWords } from './words/money.ts';
import { providerName } from './words/providers.ts';

export function moveColumns(language: Language): readonly Column<BalanceEntryWire>[] {
  const { columns } = listWords[language];
  const { kinds } = moneyWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ at }) => <AdminWhen at={at} language={language} />,
    },
    { key: 'kind', title: columns.kind, phone: 'second', cell: ({ kind }) => kinds[kind] },
    {
      key: 'sum',
      title: columns.sum,
      phone: 'end',
      isFigure: true,
      cell: ({ amount }) => <Sum value={amount} language={language} />,
    },
  ];
}

export function methodColumns(language: Language): readonly Column<PersonMethodWire>[] {
  const { columns, none } = listWords[language];
  const words = moneyWords[language];
  const day = (at: string | null) =>
    at === null ? none : <AdminDay at={at} language={language} />;
  return [
    {
      key: 'method',
      title: words.columns.method,
      phone: 'main',
      cell: ({ provider, title }) => `${providerName(provider, language)}, ${title}`,
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'end',
      cell: ({ state, isDefault }) =>
        isDefault ? `${words.methodStates[state]}, ${words.chosen}` : words.methodStates[state],
    },
    {
      key: 'saved',
      title: words.columns.saved,
      phone: 'second',
      cell: ({ savedAt }) => day(savedAt),
    },
    {
      key: 'expires',
      title: words.columns.expires,
      phone: 'none',
      cell: ({ expiresAt }) => day(expiresAt),
    },
    {
      key: 'ended',
      title: words.columns.ended,
      phone: 'second',
      cell: ({ endedAt }) => day(endedAt),
    },
    { key: 'id', title: 'id', phone: 'none', cell: ({ id }) => <Code>{id}</Code> },
  ];
}

export function renewalColumns(language: Language): readonly Column<PersonRenewalWire>[] {
  const { columns, none } = listWords[language];
  const words = moneyWords[language];
  return [
    {
      key: 'method',
      title: words.columns.method,
      phone: 'main',
      cell: ({ provider, method }) => `${providerName(provider, language)}, ${method ?? none}`,
    },
    {
      key: 'sum',
      title: columns.sum,
      phone: 'second',
      isFigure: true,
      cell: ({ amount }) => <Sum value={amount} language={language} />,
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'end',
      cell: ({ state, why }) => (
        <span className="flex flex-wrap items-center gap-2">
          <StateChip name={state} language={language} />
          {why === null ? null : (words.why[why] ?? why)}
        </span>
      ),
    },
    {
      key: 'next',
      title: words.columns.next,
      phone: 'second',
      cell: ({ nextAt }) =>
        nextAt === null ? none : <AdminWhen at={nextAt} language={language} />,
    },
    {
      key: 'decline',
      title: words.columns.decline,
      phone: 'second',
      cell: ({ decline }) =>
        decline === null ? none : <Decline decline={decline} language={language} />,
    },
    {
      key: 'agreed',
      title: words.columns.agreed,
      phone: 'none',
      cell: (renewal) => (
        <>
          <AdminWhen at={renewal.agreedAt} language={language} />, {words.words(renewal.words)}
        </>
      ),
    },
  ];
}

type DeclineProps = Readonly<{
  decline: NonNullable<PersonRenewalWire['decline']>;
  language: Language;
}>;

/** When, the vendor's word, what it means for the next try. */
function Decline({ decline, language }: DeclineProps) {
  const { at, paymentId, reason, advice, tries } = decline;
  const words = moneyWords[language];
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      <AdminWhen at={at} language={language} />
      <IdLink kind="payments" id={paymentId} />
      {reason === null ? null : <Code>{reason}</Code>}
      {advice === null ? null : words.advice[advice]}
      <span className="text-muted">{words.tries(String(tries))}</span>
    </span>
  );
}
