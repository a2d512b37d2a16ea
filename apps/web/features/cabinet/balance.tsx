import { API, moneyFromWire, type BalanceEntryWire, type TopUpWayWire } from '@opora/contracts';
import { currencyScale, formatMajor, formatMoney, money, parseMajor } from '@opora/kernel';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { Money } from '../../shared/ui/money.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { When } from '../../shared/ui/when.tsx';
import { checkoutWords } from '../checkout/words.ts';
import type { Visit } from '../site/visit.ts';
import type { Inside } from './cabinet-page.tsx';
import { moneyWords } from './money-words.ts';
import { TopUpForm } from './top-up-form.tsx';

/** What is on the balance, topping it up, and what moved it last. */
export async function Balance({ visit, api, product }: Inside) {
  const { language } = visit;
  const words = moneyWords[language];
  const [{ free, held, entries }, { items }] = await Promise.all([
    api(API.me.balance),
    api(API.me.topUpWays),
  ]);
  const nothing = money(0n, product?.plans[0]?.prices[0]?.currency ?? 'RUB');
  const sums = free.length === 0 ? [nothing] : free.map(moneyFromWire);
  return (
    <div className="space-y-8">
      <PageHead title={words.balanceTitle}>{words.balanceLead}</PageHead>
      <section
        aria-label={words.free}
        className="space-y-2 rounded-card border border-line bg-surface p-4 sm:p-6"
      >
        <p className="text-muted">{words.free}</p>
        {sums.map((sum) => (
          <p key={sum.currency} className="text-36 font-semibold">
            <Money value={sum} language={language} />
          </p>
        ))}
        {held.map((sum) => (
          <p key={sum.currency} className="text-muted">
            {words.held(formatMoney(moneyFromWire(sum), language))}
          </p>
        ))}
      </section>
      <section aria-labelledby="top-up" className="space-y-4">
        <h2 id="top-up" className="text-22">
          {words.topUp}
        </h2>
        <TopUp ways={items} visit={visit} />
      </section>
      <section aria-labelledby="entries" className="space-y-4">
        <h2 id="entries" className="text-22">
          {words.entries}
        </h2>
        {entries.length === 0 ? (
          <p className="text-muted">{words.noEntries}</p>
        ) : (
          <ul className="divide-y divide-line rounded-card border border-line bg-surface">
            {entries.map((entry) => (
              <Entry key={entry.at + entry.kind} entry={entry} visit={visit} />
            ))}
          </ul>
        )}
      </section>
    </div>
  );
}

function Entry({ entry: { at, amount, kind }, visit }: { entry: BalanceEntryWire; visit: Visit }) {
  const sum = moneyFromWire(amount);
  const isIn = sum.minor > 0n;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 sm:px-6">
      <span className="min-w-0 flex-1">
        <span className="block">{moneyWords[visit.language].kinds[kind]}</span>
        <span className="block text-14 text-muted">
          <When at={at} style="minute" visit={visit} />
        </span>
      </span>
      <span className={`font-semibold ${isIn ? 'text-good' : ''}`}>
        {isIn ? '+' : '−'}
        <Money
          value={money(isIn ? sum.minor : -sum.minor, sum.currency)}
          language={visit.language}
        />
      </span>
    </li>
  );
}

function TopUp({ ways, visit }: { ways: readonly TopUpWayWire[]; visit: Visit }) {
  const { language } = visit;
  const words = moneyWords[language];
  const checkout = checkoutWords[language];
  if (ways.length === 0) {
    return (
      <Empty
        title={words.noWays}
        why={words.noWaysWhy}
        step={
          <LinkButton kind="primary" href={visit.path}>
            {checkout.later}
          </LinkButton>
        }
      />
    );
  }
  return (
    <TopUpForm
      // A new page is a new wish; the same page pressed again is the same order.
      keyOfPage={visit.requestId}
      chosen={ways.find(({ resting }) => !resting)?.provider}
      ways={ways.map((way) => wayOf(way, visit))}
      words={{
        ...{ ways: words.ways, sums: words.sums, otherSum: words.otherSum },
        ...{ otherSumLabel: words.otherSumLabel, opening: words.opening, where: words.where },
        ...{ resting: checkout.resting, inTelegram: checkout.inTelegram, later: checkout.later },
        pay: words.pay('{sum}'),
        problem: {
          unreachable: checkout.unreachable,
          unreachableSafe: checkout.unreachableSafe,
          requestId: checkout.requestId,
        },
      }}
    />
  );
}

/** What the browser shows of a way: sums in words, and what a typed sum is measured by. */
function wayOf({ provider, title, sums, least, most, resting }: TopUpWayWire, visit: Visit) {
  const { language } = visit;
  const words = moneyWords[language];
  const [from, to] = [moneyFromWire(least), moneyFromWire(most)];
  const bounds = [formatMoney(from, language), formatMoney(to, language)] as const;
  return {
    provider,
    title: title[language],
    isResting: resting,
    sums: sums.map((amount) => ({ amount, text: formatMoney(moneyFromWire(amount), language) })),
    typed: {
      currency: from.currency,
      scale: currencyScale(from.currency),
      least: Math.ceil(Number(formatMajor(from))),
      most: Math.floor(Number(formatMajor(to))),
      shape: formatMoney(parseMajor('1', from.currency), language),
      hint: words.otherSumHint(...bounds),
      wrong: words.otherSumWrong(...bounds),
    },
  };
}
