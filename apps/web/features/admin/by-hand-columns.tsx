import type { ExtensionWire, HandPaymentWire, SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Column } from '../../shared/ui/table.tsx';
import { ActButton } from './act-button.tsx';
import { IdLink, PersonLink, StateChip, Sum } from './cells.tsx';
import { AdminWhen } from './when.tsx';
import { actWords } from './words/acts.ts';
import { byHandWords } from './words/by-hand.ts';
import { listWords } from './words/lists.ts';

export function extensionColumns(
  language: Language,
  session: SessionWire,
): readonly Column<ExtensionWire>[] {
  const words = byHandWords[language];
  const { columns } = listWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ startedAt }) => <AdminWhen at={startedAt} language={language} />,
    },
    {
      key: 'days',
      title: words.days,
      phone: 'second',
      isFigure: true,
      cell: ({ days }) => words.plus(days),
    },
    {
      key: 'progress',
      title: words.progress,
      phone: 'second',
      cell: ({ given, meant, taken, state }) => (
        <span className="whitespace-nowrap">
          {words.of(given, meant)}
          {state === 'taking' || state === 'taken' ? words.taken(taken) : ''}
        </span>
      ),
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'end',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    { key: 'who', title: words.by, phone: 'none', cell: ({ startedBy }) => startedBy },
    { key: 'reason', title: words.reason, phone: 'second', cell: ({ reason }) => reason },
    {
      key: 'acts',
      title: '',
      phone: 'second',
      cell: ({ id, state }) =>
        state === 'giving' || state === 'given' ? (
          <ActButton
            act="undoExtendAll"
            wish={{ extensionId: id }}
            session={session}
            language={language}
          />
        ) : null,
    },
  ];
}

export function handColumns(
  language: Language,
  session: SessionWire,
): readonly Column<HandPaymentWire>[] {
  const words = byHandWords[language];
  const { columns } = listWords[language];
  const { documents } = actWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ enteredAt }) => <AdminWhen at={enteredAt} language={language} />,
    },
    {
      key: 'who',
      title: columns.who,
      phone: 'second',
      cell: ({ person }) => <PersonLink person={person} />,
    },
    {
      key: 'sum',
      title: columns.sum,
      phone: 'second',
      isFigure: true,
      cell: ({ amount, direction }) => (
        <>
          <Sum value={amount} language={language} />
          {direction === 'back' ? `, ${words.back}` : ''}
        </>
      ),
    },
    {
      key: 'document',
      title: words.document,
      phone: 'second',
      cell: ({ documentKind, documentNumber }) => `${documents[documentKind]} ${documentNumber}`,
    },
    {
      key: 'order',
      title: columns.order,
      phone: 'none',
      cell: ({ orderId }) => <IdLink kind="orders" id={orderId} />,
    },
    {
      key: 'by',
      title: words.by,
      phone: 'second',
      cell: ({ enteredBy, decidedBy }) =>
        decidedBy === null ? enteredBy : `${enteredBy}, ${words.confirmed(decidedBy)}`,
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'end',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    {
      key: 'acts',
      title: '',
      phone: 'second',
      cell: (hand) =>
        hand.state === 'waiting' ? (
          <Decision hand={hand} session={session} language={language} />
        ) : null,
    },
  ];
}

type DecisionProps = Readonly<{ hand: HandPaymentWire; session: SessionWire; language: Language }>;

/** Whoever entered it may take it back, and cannot confirm it. */
function Decision({ hand: { id, isOwn }, session, language }: DecisionProps) {
  const common = { wish: { handId: id }, session, language };
  return (
    <span className="flex flex-wrap items-center gap-2">
      {isOwn ? (
        <span className="text-muted">{byHandWords[language].own}</span>
      ) : (
        <ActButton act="confirmPayment" {...common} />
      )}
      <ActButton act="rejectPayment" {...common} />
    </span>
  );
}
