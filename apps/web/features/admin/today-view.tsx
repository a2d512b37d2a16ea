import { API, type SessionWire, type TodayWire } from '@opora/contracts';
import { formatMoney, money, type Language } from '@opora/kernel';
import type { ReactNode } from 'react';
import { Spark } from '../../shared/ui/spark.tsx';
import { Status } from '../../shared/ui/status.tsx';
import { ActButton } from './act-button.tsx';
import { Attention } from './attention.tsx';
import { StateChip, Sums, TextLink } from './cells.tsx';
import { Live } from './live.tsx';
import { AdminWhen } from './when.tsx';
import { listWords } from './words/lists.ts';
import { providerName } from './words/providers.ts';
import { shellWords } from './words/shell.ts';
import { todayWords, type TodayWords } from './words/today.ts';
import { Table } from '../../shared/ui/table.tsx';

type Props = Readonly<{ today: TodayWire; session: SessionWire; language: Language }>;

/** Today at a glance: three figures, what waits, the providers, the books. */
export function TodayView({ today, session, language }: Props) {
  const words = todayWords[language];
  return (
    <div className="space-y-6">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <h1 className="text-22">{shellWords[language].pages.today}</h1>
        <p className="flex items-center gap-4 text-12 text-muted">
          <span>
            {words.asOf}
            <AdminWhen at={today.asOf} language={language} />
          </span>
          <Live
            stream={API.today.stream.path}
            plain={API.today.read.path}
            event="today"
            words={shellWords[language].live}
          />
        </p>
      </div>
      <Attention today={today} session={session} language={language} />
      <Figures today={today} language={language} words={words} />
      <Providers today={today} session={session} language={language} words={words} />
      <Books today={today} words={words} />
    </div>
  );
}

type Part = Readonly<{ today: TodayWire; language: Language; words: TodayWords }>;

function Figures({ today, language, words }: Part) {
  const { sales, people, conversion } = today;
  const sum = (minor: string) => formatMoney(money(BigInt(minor), sales.currency), language, 'all');
  const minor = (sums: TodayWire['sales']['today']) =>
    Number(sums.find(({ currency }) => currency === sales.currency)?.minor ?? '0');
  const share = (paid: number, placed: number) => (placed === 0 ? 0 : paid / placed);
  return (
    <div className="grid gap-4 md:grid-cols-3">
      <Tile
        title={words.sales}
        href="/admin/payments?state=settled"
        figure={<Sums values={sales.today} language={language} />}
        note={compare(minor(sales.today), minor(sales.weekAgo), { language, words })}
      >
        <Spark
          label={`${words.sales}, ${words.days}`}
          days={sales.days.map(({ day, value }) => ({
            name: day,
            value: Number(value),
            text: sum(value),
          }))}
          tableLabel={words.asTable}
          head={[words.day, words.sales]}
        />
      </Tile>
      <Tile
        title={words.people}
        href="/admin/people"
        figure={people.today}
        note={compare(people.today, people.weekAgo, { language, words })}
      >
        <Spark
          label={`${words.people}, ${words.days}`}
          days={people.days.map(({ day, value }) => ({
            name: day,
            value: Number(value),
            text: value,
          }))}
          tableLabel={words.asTable}
          head={[words.day, words.people]}
        />
      </Tile>
      <Tile
        title={words.conversion}
        href="/admin/orders"
        figure={percent(share(conversion.paid, conversion.placed), language)}
        note={words.paidOf(conversion.paid, conversion.placed)}
      >
        <p className="text-12 text-muted">
          {conversion.placedWeekAgo === 0
            ? words.noComparison
            : words.shareBefore(
                percent(share(conversion.paidWeekAgo, conversion.placedWeekAgo), language),
              )}
        </p>
      </Tile>
    </div>
  );
}

type TileProps = Readonly<{
  title: string;
  href: string;
  figure: ReactNode;
  note: string;
  children?: ReactNode;
}>;

/** One figure, which leads to the list behind it. */
function Tile({ title, href, figure, note, children }: TileProps) {
  return (
    <section className="space-y-2 rounded-card border border-line bg-surface p-4">
      <h2 className="text-14 font-semibold">
        <TextLink href={href}>{title}</TextLink>
      </h2>
      <p className="min-h-9 text-28 font-semibold">{figure}</p>
      <p className="text-12 text-muted">{note}</p>
      {children}
    </section>
  );
}

function percent(share: number, language: Language, signed = false): string {
  const format = new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 1,
    signDisplay: signed ? 'exceptZero' : 'auto',
  });
  return format.format(share);
}

/** Against the same hour a week ago, and it says so; nothing to compare with is said too. */
function compare(
  now: number,
  weekAgo: number,
  { language, words }: { language: Language; words: TodayWords },
): string {
  if (weekAgo === 0) return words.noComparison;
  return words.compared(percent((now - weekAgo) / weekAgo, language, true));
}

function Providers({ today, session, language, words }: Part & { session: SessionWire }) {
  if (today.providers.length === 0) return null;
  return (
    <section className="space-y-3">
      <h2 className="text-18">
        <TextLink href="/admin/providers">{words.providers}</TextLink>
      </h2>
      <Table
        caption={words.providers}
        rows={today.providers}
        keyOf={({ provider }) => provider}
        columns={[
          {
            key: 'provider',
            title: listWords[language].columns.provider,
            phone: 'main',
            cell: ({ provider }) => (
              <TextLink href={`/admin/payments?provider=${provider}`}>
                {providerName(provider, language)}
              </TextLink>
            ),
          },
          {
            key: 'notice',
            title: words.lastNotice,
            phone: 'second',
            cell: ({ lastNoticeAt: at }) =>
              at === null ? words.never : <AdminWhen at={at} language={language} />,
          },
          {
            key: 'hour',
            title: words.hour,
            phone: 'none',
            isFigure: true,
            cell: ({ started, settled, declined }) => [started, settled, declined].join(' / '),
          },
          {
            key: 'pending',
            title: words.pending,
            phone: 'none',
            isFigure: true,
            cell: ({ pending }) => pending,
          },
          {
            key: 'breaker',
            title: words.breaker,
            phone: 'end',
            cell: (provider) => <StateChip name={standingOf(provider)} language={language} />,
          },
          {
            key: 'switch',
            title: words.switch,
            phone: 'second',
            cell: ({ provider, switchedOff }) => (
              <ActButton
                act={switchedOff ? 'switchOn' : 'switchOff'}
                wish={{ provider }}
                session={session}
                language={language}
              />
            ),
          },
        ]}
      />
    </section>
  );
}

function standingOf({ breaker, switchedOff }: TodayWire['providers'][number]): string {
  if (switchedOff) return 'switchedOff';
  return breaker === 'open' ? 'resting' : breaker;
}

function Books({ today: { books }, words }: Omit<Part, 'language'>) {
  const balances = books.ledger.every(({ minor }) => minor === '0');
  const behind = books.behindPanel;
  return (
    <section className="space-y-3">
      <h2 className="text-18">{words.books}</h2>
      <p className="flex flex-wrap gap-3">
        <Status tone={balances ? 'good' : 'bad'}>
          {balances ? words.ledgerOk : words.ledgerBroken}
        </Status>
        <Status tone={behind === 0 ? 'good' : 'warn'}>
          {behind === 0 ? words.panelOk : words.panelBehind(behind)}
        </Status>
      </p>
    </section>
  );
}
