import { API, moneyFromWire } from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Account } from './account.tsx';
import type { Inside } from './cabinet-page.tsx';
import { timeOfDay } from './now.ts';
import { SubscriptionCard } from './subscription-card.tsx';
import { SubscriptionsWatch } from './watch.tsx';
import { cabinetWords } from './words.ts';

/** The first page of the account: what is bought, how it stands, what to do next. */
export async function CabinetHome(inside: Inside) {
  const { visit, session, api } = inside;
  const words = cabinetWords[visit.language];
  const [{ items }, balances] = await Promise.all([
    api(API.me.subscriptions),
    api(API.me.balances),
  ]);
  const owed = balances.items.map(moneyFromWire).filter(({ minor }) => minor > 0n);
  const states = items.map(({ state }) => state);
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <PageHead title={words.title} />
        {owed.map((sum) => (
          <p key={sum.currency} className="text-muted">
            {words.balance(formatMoney(sum, visit.language))}
          </p>
        ))}
      </div>
      {items.length === 0 ? (
        <Empty
          title={words.empty}
          why={words.emptyWhy}
          step={
            <LinkButton kind="primary" href="/cabinet/buy">
              {words.choosePlan}
            </LinkButton>
          }
        />
      ) : (
        items.map((subscription, at) => (
          <SubscriptionCard
            key={subscription.id}
            subscription={subscription}
            inside={inside}
            isFirst={at === 0}
          />
        ))
      )}
      {states.includes('pending') ? (
        <SubscriptionsWatch known={states.join()} staleText={words.stale(timeOfDay(visit))} />
      ) : null}
      <Account session={session} visit={visit} />
    </div>
  );
}
