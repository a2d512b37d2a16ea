import { API, type PaymentDetails, type RefundWire, type SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ActButton } from '../../../../features/admin/act-button.tsx';
import {
  Code,
  IdLink,
  PersonLink,
  shortId,
  StateChip,
  Sum,
} from '../../../../features/admin/cells.tsx';
import { Facts, Part } from '../../../../features/admin/facts.tsx';
import { load } from '../../../../features/admin/load.ts';
import { adminPage } from '../../../../features/admin/page.tsx';
import { Story } from '../../../../features/admin/story.tsx';
import { titleOf } from '../../../../features/admin/title.ts';
import { AdminWhen } from '../../../../features/admin/when.tsx';
import { detailWords } from '../../../../features/admin/words/details.ts';
import { listWords } from '../../../../features/admin/words/lists.ts';
import { providerName } from '../../../../features/admin/words/providers.ts';
import { Table, type Column } from '../../../../shared/ui/table.tsx';

type Props = Readonly<{ params: Promise<{ paymentId: string }> }>;

export async function generateMetadata({ params }: Props) {
  return titleOf('payments', shortId((await params).paymentId));
}

export default async function PaymentPage({ params }: Props) {
  const { paymentId } = await params;
  return adminPage({
    section: 'payments',
    data: () => load(API.payments.read, { params: { paymentId } }),
    show: ({ visit: { language }, session, data }) => (
      <div className="max-w-[960px] space-y-6">
        <Head details={data} session={session} language={language} />
        <Part title={detailWords[language].timeline}>
          <Story entries={data.timeline} language={language} />
        </Part>
        {data.refunds.length === 0 ? null : (
          <Part title={detailWords[language].refunds}>
            <Table
              caption={detailWords[language].refunds}
              columns={refundColumns(language)}
              rows={data.refunds}
              keyOf={({ id }) => id}
            />
          </Part>
        )}
      </div>
    ),
  });
}

type HeadProps = Readonly<{ details: PaymentDetails; session: SessionWire; language: Language }>;

function Head({ details, session, language }: HeadProps) {
  const { payment, plan, refundable } = details;
  const words = detailWords[language];
  const { columns, none } = listWords[language];
  const common = { session, language };
  const isManual = payment.provider === 'manual';
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-22">
          {words.payment} {shortId(payment.id)}
        </h1>
        <span className="text-22">
          <Sum value={payment.amount} language={language} />
        </span>
        <StateChip name={payment.state} language={language} />
        <span className="ml-auto flex flex-wrap gap-2">
          {isManual ? null : <ActButton act="look" wish={{ paymentId: payment.id }} {...common} />}
          {refundable === null ? null : (
            <ActButton
              act={isManual ? 'refundByHand' : 'refund'}
              wish={{ paymentId: payment.id }}
              refundable={refundable}
              {...common}
            />
          )}
        </span>
      </div>
      <Facts
        facts={[
          [words.person, <PersonLink key="person" person={payment.person} />],
          [words.order, <IdLink key="order" kind="orders" id={payment.orderId} />],
          [columns.plan, plan?.[language] ?? none],
          [columns.provider, providerName(payment.provider, language)],
          [words.reference, <Code key="reference">{payment.reference ?? none}</Code>],
          ['id', <Code key="id">{payment.id}</Code>],
        ]}
      />
    </>
  );
}

function refundColumns(language: Language): readonly Column<RefundWire>[] {
  const { columns } = listWords[language];
  return [
    {
      key: 'when',
      title: columns.when,
      phone: 'main',
      cell: ({ createdAt }) => <AdminWhen at={createdAt} language={language} />,
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
      key: 'reason',
      title: columns.reason,
      phone: 'second',
      cell: ({ reason, refusal }) => refusal ?? reason,
    },
  ];
}
