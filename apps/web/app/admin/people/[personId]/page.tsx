import { API, type PersonDetails, type PlanVersionWire, type SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ActButton } from '../../../../features/admin/act-button.tsx';
import { Code, StateChip, Sums, TextLink } from '../../../../features/admin/cells.tsx';
import { auditColumns, orderColumns, paymentColumns } from '../../../../features/admin/columns.tsx';
import { Facts, Part } from '../../../../features/admin/facts.tsx';
import { load, type Loaded } from '../../../../features/admin/load.ts';
import {
  methodColumns,
  moveColumns,
  renewalColumns,
} from '../../../../features/admin/money-columns.tsx';
import {
  messageColumns,
  ownSubscriptionColumns,
} from '../../../../features/admin/person-columns.tsx';
import { adminPage } from '../../../../features/admin/page.tsx';
import { titleOf } from '../../../../features/admin/title.ts';
import { AdminWhen } from '../../../../features/admin/when.tsx';
import { detailWords } from '../../../../features/admin/words/details.ts';
import { moneyWords } from '../../../../features/admin/words/money.ts';
import { listWords } from '../../../../features/admin/words/lists.ts';
import { Table, type Column } from '../../../../shared/ui/table.tsx';

type Props = Readonly<{ params: Promise<{ personId: string }> }>;
type Data = Readonly<{ details: PersonDetails; plans: readonly PlanVersionWire[] }>;

export const generateMetadata = () => titleOf('people');

/** One person with everything about them, and what can be done. */
export default async function PersonPage({ params }: Props) {
  const { personId } = await params;
  return adminPage({
    section: 'people',
    data: () => dataOf(personId),
    show: ({ visit: { language }, session, data: { details, plans } }) => {
      const words = detailWords[language];
      const { subscriptions, orders, payments, messages, audit, money } = details;
      const own = moneyWords[language];
      return (
        <div className="space-y-6">
          <Head details={details} plans={plans} session={session} language={language} />
          <Rows
            title={words.subscriptions}
            rows={subscriptions}
            columns={ownSubscriptionColumns(language, session)}
            language={language}
          />
          <Rows
            title={own.renewals}
            rows={money.renewals}
            columns={renewalColumns(language)}
            language={language}
          />
          <Rows
            title={own.methods}
            rows={money.methods}
            columns={methodColumns(language)}
            language={language}
          />
          <Rows
            title={own.moves}
            rows={money.entries.map((entry) => ({
              ...entry,
              id: entry.at + entry.amount.currency,
            }))}
            columns={moveColumns(language)}
            language={language}
          />
          <Rows
            title={words.payments}
            rows={payments}
            columns={withoutWho(paymentColumns(language))}
            language={language}
          />
          <Rows
            title={words.orders}
            rows={orders}
            columns={withoutWho(orderColumns(language))}
            language={language}
          />
          <Rows
            title={words.messages}
            rows={messages}
            columns={messageColumns(language)}
            language={language}
          />
          <Rows
            title={words.audit}
            rows={audit}
            columns={auditColumns(language)}
            language={language}
          />
        </div>
      );
    },
  });
}

/** What can be granted comes with the person; without the right to see plans nothing is offered. */
async function dataOf(personId: string): Promise<Loaded<Data>> {
  const [details, plans] = await Promise.all([
    load(API.people.read, { params: { personId } }),
    load(API.plans.list),
  ]);
  if (details.state !== 'ready') return details;
  const sold = plans.state === 'ready' ? plans.data.items.filter(({ isCurrent }) => isCurrent) : [];
  return { state: 'ready', data: { details: details.data, plans: sold } };
}

function Head(props: Data & Readonly<{ session: SessionWire; language: Language }>) {
  const { details, plans, session, language } = props;
  const { person, balances, money, botBlockedAt } = details;
  const words = detailWords[language];
  const own = moneyWords[language];
  const standing = person.state === 'banned' ? 'banned' : (person.subscription?.state ?? 'none');
  const { columns, none } = listWords[language];
  const common = { wish: { personId: person.id }, session, language };
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <h1 className="text-22">{person.name}</h1>
        <StateChip name={standing} language={language} />
        <span className="ml-auto flex flex-wrap gap-2">
          <ActButton act="message" {...common} />
          <ActButton act="adjust" {...common} />
          {plans.length === 0 ? null : <ActButton act="grant" plans={plans} {...common} />}
          {plans.length === 0 ? null : <ActButton act="enterForPlan" plans={plans} {...common} />}
          <ActButton act="signOut" {...common} />
          <ActButton act={person.state === 'banned' ? 'unban' : 'ban'} {...common} />
        </span>
      </div>
      <Facts
        facts={[
          [
            columns.telegram,
            person.telegramId === null
              ? none
              : `${person.telegramUsername === null ? '' : `@${person.telegramUsername} `}${person.telegramId}`,
          ],
          [columns.email, person.email ?? none],
          [words.language, words.languages[person.language]],
          [words.known, <AdminWhen key="known" at={person.createdAt} language={language} />],
          ...(botBlockedAt === null
            ? []
            : [
                [
                  words.botBlocked,
                  <AdminWhen key="blocked" at={botBlockedAt} language={language} />,
                ] as const,
              ]),
          [
            words.balances,
            balances.length === 0 ? (
              words.noBalance
            ) : (
              <span key="sums" className="flex flex-wrap gap-x-3">
                <Sums values={balances} language={language} />
                {balances.map(({ currency }) => (
                  <TextLink key={currency} href={ledgerOf(person.id, currency)}>
                    {own.ledger}
                    {balances.length === 1 ? '' : ` ${currency}`}
                  </TextLink>
                ))}
              </span>
            ),
          ],
          ...(money.held.length === 0
            ? []
            : [[own.held, <Sums key="held" values={money.held} language={language} />] as const]),
          ['id', <Code key="id">{person.id}</Code>],
        ]}
      />
    </>
  );
}

/** Every transfer of the balance, with what it belongs to. */
function ledgerOf(personId: string, currency: string): string {
  return `/admin/ledger?account=${encodeURIComponent(`customer:${personId}:${currency}`)}`;
}

/** Whose everything here is stands above. */
function withoutWho<Row>(columns: readonly Column<Row>[]): readonly Column<Row>[] {
  return columns.filter(({ key }) => key !== 'who');
}

type RowsProps<Row> = Readonly<{
  title: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  language: Language;
}>;

function Rows<Row extends Readonly<{ id: string }>>({
  title,
  rows,
  columns,
  language,
}: RowsProps<Row>) {
  return (
    <Part title={title} isEmpty={rows.length === 0} nothing={detailWords[language].nothing}>
      <Table caption={title} columns={columns} rows={rows} keyOf={({ id }) => id} />
    </Part>
  );
}
