/** Columns of the lists that stand on more than one page. */
import type { AuditWire, OrderRow, PaymentRow, SubscriptionRow } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { Column } from '../../shared/ui/table.tsx';
import { formatTraffic } from '../product/plan.ts';
import { Code, IdLink, PersonLink, shortened, StateChip, Sum, TextLink } from './cells.tsx';
import { AdminDay, AdminWhen } from './when.tsx';
import { listWords } from './words/lists.ts';
import { providerName } from './words/providers.ts';
import { panelWord } from './words/states.ts';

export function paymentColumns(language: Language): readonly Column<PaymentRow>[] {
  const { columns } = listWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ id, createdAt }) => (
        <TextLink href={`/admin/payments/${id}`}>
          <AdminWhen at={createdAt} language={language} />
        </TextLink>
      ),
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
      phone: 'end',
      isFigure: true,
      cell: ({ amount }) => <Sum value={amount} language={language} />,
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'second',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    {
      key: 'provider',
      title: columns.provider,
      phone: 'none',
      cell: ({ provider }) => providerName(provider, language),
    },
    {
      key: 'order',
      title: columns.order,
      phone: 'none',
      cell: ({ orderId }) => <IdLink kind="orders" id={orderId} />,
    },
  ];
}

export function orderColumns(language: Language): readonly Column<OrderRow>[] {
  const { columns } = listWords[language];
  return [
    {
      key: 'order',
      title: columns.order,
      phone: 'main',
      cell: ({ id }) => <IdLink kind="orders" id={id} />,
    },
    {
      key: 'when',
      title: columns.when,
      phone: 'second',
      cell: ({ createdAt }) => <AdminWhen at={createdAt} language={language} />,
    },
    {
      key: 'who',
      title: columns.who,
      phone: 'second',
      cell: ({ person }) => <PersonLink person={person} />,
    },
    {
      key: 'plan',
      title: columns.plan,
      phone: 'none',
      cell: ({ plan }) => planName(plan, language),
    },
    {
      key: 'sum',
      title: columns.sum,
      phone: 'end',
      isFigure: true,
      cell: ({ amount }) => <Sum value={amount} language={language} />,
    },
    {
      key: 'state',
      title: columns.state,
      phone: 'second',
      cell: (order) => <StateChip name={progressOf(order)} language={language} />,
    },
  ];
}

/** Paid is not the end of an order: what matters next is whether it was delivered. */
function progressOf({ state, deliveredAt }: OrderRow): string {
  if (state !== 'paid') return state;
  return deliveredAt === null ? 'delivering' : 'delivered';
}

export function subscriptionColumns(language: Language): readonly Column<SubscriptionRow>[] {
  const { columns, unlimited, none } = listWords[language];
  const traffic = (bytes: string): string =>
    bytes === '0' ? unlimited : formatTraffic(BigInt(bytes), language);
  return [
    {
      key: 'person',
      title: columns.person,
      phone: 'main',
      cell: ({ person }) => <PersonLink person={person} />,
    },
    { key: 'plan', title: columns.plan, phone: 'second', cell: ({ plan }) => plan.title[language] },
    {
      key: 'state',
      title: columns.state,
      phone: 'end',
      cell: ({ state }) => <StateChip name={state} language={language} />,
    },
    {
      key: 'until',
      title: columns.until,
      phone: 'second',
      cell: ({ endsAt }) => <AdminDay at={endsAt} language={language} />,
    },
    {
      key: 'traffic',
      title: columns.traffic,
      phone: 'none',
      isFigure: true,
      cell: ({ trafficUsedBytes, trafficBytes }) =>
        `${formatTraffic(BigInt(trafficUsedBytes), language)} / ${traffic(trafficBytes)}`,
    },
    {
      key: 'panel',
      title: columns.panel,
      phone: 'none',
      cell: ({ panelStatus, isDelivered }) =>
        isDelivered ? (
          (panelWord(panelStatus, language) ?? none)
        ) : (
          <StateChip name="delivering" language={language} />
        ),
    },
  ];
}

export function auditColumns(language: Language): readonly Column<AuditWire>[] {
  const { columns, none } = listWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ id, at }) => (
        <span id={id} className="target:bg-accent-soft">
          <AdminWhen at={at} language={language} />
        </span>
      ),
    },
    { key: 'who', title: columns.who, phone: 'end', cell: ({ actor }) => actor.name },
    {
      key: 'act',
      title: columns.act,
      phone: 'second',
      cell: ({ act, result }) => (
        <span className="flex flex-wrap items-center gap-2">
          <Code>{act}</Code>
          {result === 'refused' ? <StateChip name="refused" language={language} /> : null}
        </span>
      ),
    },
    {
      key: 'subject',
      title: columns.subject,
      phone: 'second',
      cell: ({ subjectKind, subjectId, personId }) =>
        personId === null ? (
          <Subject kind={subjectKind} id={subjectId} language={language} />
        ) : (
          <TextLink href={`/admin/people/${personId}`}>
            <Subject kind={subjectKind} id={subjectId} language={language} />
          </TextLink>
        ),
    },
    { key: 'reason', title: columns.reason, phone: 'second', cell: ({ reason }) => reason ?? none },
    {
      key: 'change',
      title: columns.change,
      phone: 'none',
      cell: ({ before, after }) => <Change before={before} after={after} />,
    },
  ];
}

/** What was acted upon: its kind as a word, its id as people read it. */
function Subject({ kind, id, language }: { kind: string; id: string; language: Language }) {
  const word = listWords[language].subjects[kind] ?? kind;
  return (
    <span title={id} className="whitespace-nowrap">
      {word} <Code>{shortened(id)}</Code>
    </span>
  );
}

type Facts = AuditWire['before'];

/** What an act changed, a line per fact: `state: active → banned`. */
function Change({ before, after }: { before: Facts; after: Facts }) {
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return (
    <ul className="text-12 text-muted">
      {names.map((name) => (
        <li key={name}>
          {name}: {shortened(before?.[name] ?? '—')} →{' '}
          <span className="text-text">{shortened(after?.[name] ?? '—')}</span>
        </li>
      ))}
    </ul>
  );
}

/** What an order buys; one without a plan tops up the balance. */
export function planName(plan: OrderRow['plan'], language: Language): string {
  if (plan === null) return listWords[language].topUp;
  return `${plan.title[language]}, v${String(plan.version)}`;
}
