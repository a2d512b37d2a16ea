import {
  API,
  type BookEntryWire,
  type DifferenceWire,
  type ReconciliationRunWire,
  type SessionWire,
} from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Empty } from '../../shared/ui/empty.tsx';
import { Table, type Column } from '../../shared/ui/table.tsx';
import { ActButton } from './act-button.tsx';
import { Code, IdLink, OnPhone, StateChip, Sum } from './cells.tsx';
import { Part } from './facts.tsx';
import { ListFile } from './list-file.tsx';
import { AdminWhen } from './when.tsx';
import { listWords } from './words/lists.ts';
import { overviewWords } from './words/overview.ts';
import { providerName } from './words/providers.ts';

type Props = Readonly<{
  runs: readonly ReconciliationRunWire[];
  differences: readonly DifferenceWire[];
  session: SessionWire;
  language: Language;
}>;

/** What the books do not agree about, then the comparisons themselves. */
export function ReconciliationView({ runs, differences, session, language }: Props) {
  const words = overviewWords[language];
  return (
    <>
      <Part title={words.differences}>
        {differences.length === 0 ? (
          <Empty {...words.noDifferences} step={null} />
        ) : (
          <>
            <p className="text-muted">{words.again}</p>
            <Table
              caption={words.differences}
              columns={differenceColumns(language, session)}
              rows={differences}
              keyOf={({ id }) => id}
            />
            <ListFile href={API.reconciliation.exportDifferences.path} {...{ session, language }} />
          </>
        )}
      </Part>
      <Part title={words.runs}>
        {runs.length === 0 ? (
          <Empty {...words.noRuns} step={null} />
        ) : (
          <>
            <Table
              caption={words.runs}
              columns={runColumns(language)}
              rows={runs}
              keyOf={({ id }) => id}
            />
            <ListFile href={API.reconciliation.exportRuns.path} {...{ session, language }} />
          </>
        )}
      </Part>
    </>
  );
}

function differenceColumns(
  language: Language,
  session: SessionWire,
): readonly Column<DifferenceWire>[] {
  const { columns } = overviewWords[language];
  const lists = listWords[language].columns;
  return [
    {
      key: 'provider',
      title: lists.provider,
      phone: 'main',
      cell: ({ provider }) => providerName(provider, language),
    },
    {
      key: 'day',
      title: columns.day,
      phone: 'end',
      cell: ({ day }) => <span className="whitespace-nowrap">{day}</span>,
    },
    {
      key: 'means',
      title: columns.means,
      width: 'min-w-56',
      phone: 'second',
      cell: ({ means, todo }) => (
        <>
          <p className="text-text">{means[language]}</p>
          <p className="text-muted">{todo[language]}</p>
        </>
      ),
    },
    {
      key: 'there',
      title: columns.there,
      phone: 'second',
      cell: ({ theirs, reference }) => (
        <OnPhone title={columns.there}>
          <Side of={theirs} language={language} />
          <Code>{reference}</Code>
        </OnPhone>
      ),
    },
    {
      key: 'here',
      title: columns.here,
      phone: 'second',
      cell: ({ ours, paymentId }) => (
        <OnPhone title={columns.here}>
          <Side of={ours} language={language} />
          {paymentId === null ? null : <IdLink kind="payments" id={paymentId} />}
        </OnPhone>
      ),
    },
    {
      key: 'act',
      title: columns.act,
      phone: 'second',
      cell: ({ paymentId, mayBeAsked }) =>
        paymentId === null || !mayBeAsked ? null : (
          <ActButton act="look" wish={{ paymentId }} session={session} language={language} />
        ),
    },
  ];
}

/** What one book says: a sum with its state, and what of it was given back. */
function Side({ of, language }: { of: BookEntryWire | null; language: Language }) {
  const words = overviewWords[language];
  if (of === null) return <p>{words.nothingThere}</p>;
  return (
    <p className="space-x-2 whitespace-nowrap">
      <Sum value={of.amount} language={language} />
      <StateChip name={of.state} language={language} />
      {of.refunded.minor === '0' ? null : (
        <span>
          {words.givenBack} <Sum value={of.refunded} language={language} />
        </span>
      )}
    </p>
  );
}

function runColumns(language: Language): readonly Column<ReconciliationRunWire>[] {
  const { columns } = overviewWords[language];
  const lists = listWords[language].columns;
  return [
    {
      key: 'provider',
      title: lists.provider,
      phone: 'main',
      cell: ({ provider }) => providerName(provider, language),
    },
    { key: 'day', title: columns.day, phone: 'second', cell: ({ day }) => day },
    {
      key: 'state',
      title: lists.state,
      phone: 'end',
      cell: ({ state, failure }) => (
        <>
          <StateChip name={state} language={language} />
          {failure === null ? null : <Code>{failure}</Code>}
        </>
      ),
    },
    {
      key: 'compared',
      title: columns.compared,
      phone: 'none',
      isFigure: true,
      cell: ({ theirs, ours }) => `${String(theirs)} / ${String(ours)}`,
    },
    {
      key: 'found',
      title: columns.found,
      phone: 'none',
      isFigure: true,
      cell: ({ found, repaired }) => `${String(found)} / ${String(repaired)}`,
    },
    {
      key: 'started',
      title: columns.started,
      phone: 'second',
      cell: ({ startedAt }) => (
        <OnPhone title={columns.started}>
          <AdminWhen at={startedAt} language={language} />
        </OnPhone>
      ),
    },
  ];
}
