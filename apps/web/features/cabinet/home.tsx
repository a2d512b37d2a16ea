import { API, moneyFromWire } from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import { LinkButton } from '../../shared/ui/button.tsx';
import { Empty } from '../../shared/ui/empty.tsx';
import { Status } from '../../shared/ui/status.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { isOutage } from '../session/server-api.ts';
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
  const [{ items, asOf }, balance, renewals] = await Promise.all([
    api(API.me.subscriptions),
    api(API.me.balance).catch(unlessAway),
    api(API.me.renewals).catch(unlessAway),
  ]);
  const owed = balance?.free.map(moneyFromWire) ?? [];
  const states = items.map(({ state }) => state);
  return (
    <div className="space-y-8">
      <div className="flex flex-wrap items-baseline justify-between gap-3">
        <PageHead title={words.title} />
        {owed.map((sum) => (
          <a
            key={sum.currency}
            href="/cabinet/balance"
            className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4"
          >
            {words.balance(formatMoney(sum, visit.language))}
          </a>
        ))}
      </div>
      {asOf === undefined ? null : (
        <Status tone="warn">{words.asOf(timeOfDay(visit, new Date(asOf)))}</Status>
      )}
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
            renewal={renewals?.renewals.find((one) => one.subscriptionId === subscription.id)}
            isOffered={renewals?.isOffered === true}
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

/** What an answer of old must not show (money) is left out while nobody can be asked. */
function unlessAway(error: unknown): undefined {
  if (!isOutage(error)) throw error;
}
