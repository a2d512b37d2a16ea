import { API } from '@opora/contracts';
import { ActButton } from '../../../../features/admin/act-button.tsx';
import { Code, PersonLink, shortId, StateChip, Sum } from '../../../../features/admin/cells.tsx';
import { paymentColumns, planName } from '../../../../features/admin/columns.tsx';
import { Facts, Part } from '../../../../features/admin/facts.tsx';
import { load } from '../../../../features/admin/load.ts';
import { adminPage } from '../../../../features/admin/page.tsx';
import { Story } from '../../../../features/admin/story.tsx';
import { titleOf } from '../../../../features/admin/title.ts';
import { detailWords } from '../../../../features/admin/words/details.ts';
import { listWords } from '../../../../features/admin/words/lists.ts';
import { Table } from '../../../../shared/ui/table.tsx';

type Props = Readonly<{ params: Promise<{ orderId: string }> }>;

export async function generateMetadata({ params }: Props) {
  return titleOf('orders', shortId((await params).orderId));
}

export default async function OrderPage({ params }: Props) {
  const { orderId } = await params;
  return adminPage({
    section: 'orders',
    data: () => load(API.orders.read, { params: { orderId } }),
    show: ({ visit: { language }, session, data: { order, payments, timeline } }) => {
      const words = detailWords[language];
      return (
        <div className="max-w-[960px] space-y-6">
          <div className="flex flex-wrap items-center gap-3">
            <h1 className="text-22">
              {words.order} {shortId(order.id)}
            </h1>
            <span className="text-22">
              <Sum value={order.amount} language={language} />
            </span>
            <StateChip name={order.state} language={language} />
            {order.state === 'open' || order.state === 'expired' ? (
              <span className="ml-auto">
                <ActButton
                  act="enterPayment"
                  wish={{ orderId: order.id }}
                  refundable={order.amount}
                  session={session}
                  language={language}
                />
              </span>
            ) : null}
          </div>
          <Facts
            facts={[
              [words.person, <PersonLink key="person" person={order.person} />],
              [listWords[language].columns.plan, planName(order.plan, language)],
              ['id', <Code key="id">{order.id}</Code>],
            ]}
          />
          <Part title={words.payments} isEmpty={payments.length === 0} nothing={words.nothing}>
            <Table
              caption={words.payments}
              columns={paymentColumns(language)}
              rows={payments}
              keyOf={({ id }) => id}
            />
          </Part>
          <Part title={words.timeline} isEmpty={timeline.length === 0} nothing={words.nothing}>
            <Story entries={timeline} language={language} />
          </Part>
        </div>
      );
    },
  });
}
