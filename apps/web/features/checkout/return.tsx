import { API, moneyFromWire, type OrderProgressWire } from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import type { ReactNode } from 'react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { PageHead } from '../../shared/ui/page-head.tsx';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import type { Inside } from '../cabinet/cabinet-page.tsx';
import { timeOfDay } from '../cabinet/now.ts';
import { OrderWatch } from '../cabinet/watch.tsx';
import { cabinetWords } from '../cabinet/words.ts';
import type { Visit } from '../site/visit.ts';
import { checkoutWords } from './words.ts';

type Progress = OrderProgressWire['progress'];

const TONES: Record<Progress, Tone> = {
  waiting: 'info',
  unknown: 'warn',
  declined: 'bad',
  preparing: 'info',
  ready: 'good',
  expired: 'plain',
  on_balance: 'warn',
};
/** What may still change by itself; the page watches it. */
const OPEN: readonly Progress[] = ['waiting', 'unknown', 'preparing'];
const SHORT_ID = 6;

/** What became of an order: each state says what is safe and what to do. */
export async function Return({
  orderId,
  isDoubted,
  ...inside
}: Inside & { orderId: string; isDoubted: boolean }) {
  const { visit, api, product } = inside;
  const words = checkoutWords[visit.language];
  const answer = await api(API.me.order, { params: { orderId } });
  // The browser has asked the payment service itself and got no answer.
  const isUnknown = isDoubted && answer.progress === 'waiting';
  const found = isUnknown ? { ...answer, progress: 'unknown' as const } : answer;
  const { progress, order } = found;
  return (
    <div className="max-w-[680px] space-y-6">
      <Status tone={TONES[progress]}>
        {words.order(order.id.slice(-SHORT_ID).toUpperCase())}, {found.plan[visit.language]},{' '}
        {formatMoney(moneyFromWire(order.amount), visit.language)}
      </Status>
      {/* Read aloud once when it changes: that is what the reader waits for. */}
      <div role="status">
        <PageHead title={words.states[progress]}>{textOf(found, visit)}</PageHead>
      </div>
      <Acts found={found} visit={visit} supportUrl={product?.supportUrl.href} />
      {OPEN.includes(progress) ? (
        <OrderWatch
          orderId={order.id}
          known={progress}
          staleText={cabinetWords[visit.language].stale(timeOfDay(visit))}
        />
      ) : null}
    </div>
  );
}

function textOf({ progress, reason, order, subscription }: OrderProgressWire, visit: Visit) {
  const words = checkoutWords[visit.language];
  switch (progress) {
    case 'declined': {
      const deadline = formatWhen(new Date(order.expiresAt), 'minute', visit);
      return words.declined(reason?.[visit.language] ?? '', deadline);
    }
    case 'ready':
      if (order.planId === null) return words.readyTopUp;
      return words.ready(formatWhen(new Date(subscription?.endsAt ?? 0), 'day', visit));
    case 'waiting':
    case 'unknown':
    case 'preparing':
    case 'expired':
    case 'on_balance':
      return words.texts[progress];
  }
}

function Acts(props: {
  found: OrderProgressWire;
  visit: Visit;
  supportUrl: string | undefined;
}): ReactNode {
  const { found, visit, supportUrl } = props;
  const words = checkoutWords[visit.language];
  const cabinet = cabinetWords[visit.language];
  const { order, progress, subscription } = found;
  const isTopUp = order.planId === null;
  const start = isTopUp ? '/cabinet/balance' : '/cabinet/buy';
  const again = isTopUp ? start : `${start}?plan=${order.planId}`;
  const support =
    supportUrl === undefined ? null : (
      <LinkButton kind="quiet" href={supportUrl}>
        {words.support}
      </LinkButton>
    );
  const row = (...acts: ReactNode[]) => (
    <div className="grid gap-3 sm:flex sm:flex-wrap">{acts}</div>
  );
  const link = (kind: 'primary' | 'secondary', href: string, label: string) => (
    <LinkButton key={href} kind={kind} href={href}>
      {label}
    </LinkButton>
  );
  switch (progress) {
    case 'waiting':
      return row(
        order.checkoutUrl === null ? null : link('primary', order.checkoutUrl, words.goPay),
        support,
      );
    case 'unknown':
    case 'preparing':
      return row(link('secondary', '/cabinet', words.toSubscriptions), support);
    case 'declined':
      return row(link('primary', again, words.again), support);
    case 'expired':
      return row(link('primary', start, isTopUp ? words.toBalance : words.choose), support);
    case 'on_balance':
      return row(
        link('primary', again, words.again),
        link('secondary', '/cabinet/balance', words.toBalance),
        support,
      );
    case 'ready':
      if (isTopUp) {
        return row(
          link('primary', '/cabinet/buy', words.choose),
          link('secondary', start, words.toBalance),
        );
      }
      return (
        <>
          {subscription?.accessUrl == null ? null : (
            <div className="space-y-1.5">
              <p className="font-semibold">{cabinet.link}</p>
              <CopyField label={cabinet.link} value={subscription.accessUrl} words={cabinet.copy} />
            </div>
          )}
          {row(
            link('primary', '/cabinet/connect', words.connect),
            link('secondary', '/cabinet', words.toSubscriptions),
          )}
        </>
      );
  }
}
