import { moneyFromWire, type RenewalWire, type SubscriptionWire } from '@opora/contracts';
import { formatMoney } from '@opora/kernel';
import { Suspense } from 'react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { Meter } from '../../shared/ui/meter.tsx';
import { Qr } from '../../shared/ui/qr.tsx';
import { Skeleton } from '../../shared/ui/skeleton.tsx';
import { Status } from '../../shared/ui/status.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import { formatTraffic } from '../product/plan.ts';
import type { Visit } from '../site/visit.ts';
import type { Inside } from './cabinet-page.tsx';
import { Devices } from './devices.tsx';
import { standingOf, type Standing } from './standing.ts';
import { moneyWords } from './money-words.ts';
import { cabinetWords } from './words.ts';

type Props = Readonly<{
  subscription: SubscriptionWire;
  inside: Inside;
  isFirst: boolean;
  renewal: RenewalWire | undefined;
  /** The product asks for consents to renewals. */
  isOffered: boolean;
}>;

/** One subscription: a sentence, a meter, one act; then the link and what uses it. */
export function SubscriptionCard(props: Props) {
  const { subscription, inside, isFirst, renewal, isOffered } = props;
  const { visit, product } = inside;
  const words = cabinetWords[visit.language];
  const standing = standingOf(subscription, new Date());
  const name = product?.name[visit.language];
  return (
    <section
      aria-labelledby={subscription.id}
      className="space-y-6 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id={subscription.id} className="text-18">
          {[name, subscription.plan.title[visit.language]].filter(Boolean).join(', ')}
        </h2>
        <Status tone={standing.tone}>{sentence(subscription, standing, visit)}</Status>
      </div>
      <Time subscription={subscription} standing={standing} inside={inside} />
      <Acts standing={standing} inside={inside} isFirst={isFirst} />
      {renewal !== undefined && (isOffered || renewal.isOn) ? (
        <RenewalLine renewal={renewal} visit={visit} />
      ) : null}
      {standing.isUsable && subscription.accessUrl !== null ? (
        <div className="grid gap-6 border-t border-line pt-6 sm:grid-cols-[13rem_1fr]">
          <details className="folded-on-phones order-last sm:order-first">
            <summary className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4">
              {words.showQr}
            </summary>
            <Qr text={subscription.accessUrl} label={words.qr} />
          </details>
          <div className="min-w-0 space-y-5">
            <div className="space-y-1.5">
              <p className="font-semibold">{words.link}</p>
              <CopyField label={words.link} value={subscription.accessUrl} words={words.copy} />
            </div>
            <p>
              <span className="font-semibold">{words.traffic}:</span> {traffic(subscription, visit)}
            </p>
            <Suspense
              fallback={<Skeleton label={words.devicesLoading} rows={subscription.devices} />}
            >
              <Devices subscription={subscription} inside={inside} />
            </Suspense>
          </div>
        </div>
      ) : null}
    </section>
  );
}

/** Whether the next term is charged by itself, in one line, and the way to change that. */
function RenewalLine({ renewal: { next }, visit }: { renewal: RenewalWire; visit: Visit }) {
  const words = moneyWords[visit.language];
  const text =
    next === null
      ? words.cardOff
      : words.cardOn(
          formatMoney(moneyFromWire(next.amount), visit.language),
          formatWhen(new Date(next.at), 'day', visit),
        );
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-14 text-muted">
      {text}
      <a
        href="/cabinet/renewals"
        className="inline-flex min-h-11 items-center text-accent-text underline underline-offset-4"
      >
        {words.change}
      </a>
    </p>
  );
}

function sentence(subscription: SubscriptionWire, standing: Standing, visit: Visit): string {
  const words = cabinetWords[visit.language];
  const date = formatWhen(new Date(subscription.endsAt), 'day', visit);
  switch (standing.kind) {
    case 'pending':
      return words.pending;
    case 'grace':
      return words.grace;
    case 'expired':
      return words.expired(date);
    case 'active':
    case 'expiring':
      return words.active(date);
  }
}

type Part = Readonly<{ standing: Standing; inside: Inside }>;

/** How much of the term is left; a longer stay than one term fills the meter. */
function Time(props: Part & { subscription: SubscriptionWire }) {
  const { subscription, standing, inside } = props;
  const words = cabinetWords[inside.visit.language];
  const { kind, daysLeft, tone } = standing;
  const notes = { pending: words.pendingText, grace: words.graceText, expired: words.expiredText };
  if (kind === 'pending' || kind === 'grace' || kind === 'expired') {
    return <p className="text-muted">{notes[kind]}</p>;
  }
  const plan = inside.product?.plans.find(({ id }) => id === subscription.plan.id);
  const text = daysLeft === 0 ? words.lastDay : words.daysLeft(daysLeft);
  return (
    <div className="space-y-2">
      <p className="text-22 font-semibold">{text}</p>
      <Meter
        label={words.timeLeft}
        text={text}
        value={daysLeft}
        max={Math.max(plan?.termDays ?? 0, daysLeft, 1)}
        tone={tone}
      />
    </div>
  );
}

/** The first thing to do is the primary one: connect while it works, pay when it does not. */
function Acts({ standing, inside, isFirst }: Part & { isFirst: boolean }) {
  const words = cabinetWords[inside.visit.language];
  if (standing.kind === 'pending') return null;
  const main = isFirst ? 'primary' : 'secondary';
  const isUrgent = standing.kind !== 'active';
  const connect = (
    <LinkButton kind={isUrgent ? 'secondary' : main} href="/cabinet/connect">
      {words.connect}
    </LinkButton>
  );
  const pay = (
    <LinkButton kind={isUrgent ? main : 'secondary'} href="/cabinet/buy">
      {standing.kind === 'expired' ? words.restore : words.extend}
    </LinkButton>
  );
  return (
    <div className="grid gap-3 sm:flex sm:flex-wrap">
      {standing.kind === 'expired' ? (
        pay
      ) : isUrgent ? (
        <>
          {pay}
          {connect}
        </>
      ) : (
        <>
          {connect}
          {pay}
        </>
      )}
    </div>
  );
}

function traffic(subscription: SubscriptionWire, { language }: Visit): string {
  const words = cabinetWords[language];
  const used = formatTraffic(BigInt(subscription.trafficUsedBytes), language);
  const limit = BigInt(subscription.trafficBytes);
  return limit === 0n
    ? words.trafficUnlimited(used)
    : words.trafficOf(used, formatTraffic(limit, language));
}
