/**
 * Who reacts to which fact: the whole choreography on one page. A reaction is a job added in the
 * transaction that made the fact, so there is no fact without its reactions and none for nothing.
 *
 *   payment.settled ──paid──▶ subscriptions.extend ─▶ subscription.extended ─▶ provisioning.deliver
 *        │                          └─▶ tell: access is being prepared (when it takes longer)
 *        ├──surplus──▶ tell: paid twice              access.delivered ◀─────────────┘
 *        ├──short──▶ tell: it is on the balance
 *        └──topped_up──▶ tell: the new balance
 *   payment.declined ─▶ tell                               └─▶ tell: link, extended, or renewed
 *   payment.refunded ─▶ tell; subscriptions.review
 *   payment.disputed, .dispute_won, .dispute_lost ─▶ subscriptions.review ─▶ subscription.changed
 *   subscription.changed (by staff, by a review) ─▶ provisioning.deliver ─▶ access.delivered ─▶ tell
 *   extension.continues ─▶ subscriptions.extendAll ─▶ subscription.changed, extension.continues
 *   notices.stopped, notices.resumed ─▶ tell staff
 *   reconciliation.asked (by staff) ─▶ payments.reconcile
 *   renewal.announced, renewal.declined, renewal.ended ─▶ tell
 *   method.ended ─▶ payments.forgetMethod (at its vendor); method.left (it cannot) ─▶ tell staff
 *   person.banned, person.unbanned ─▶ subscriptions.refresh ─▶ subscription.changed; tell
 */
import { assert, assertNever } from '@opora/kernel';
import type { PersonEvent } from '../modules/identity/index.ts';
import type {
  MethodLeft,
  NoticesResumed,
  NoticesStopped,
  PaymentEvent,
} from '../modules/payments/index.ts';
import { deliverJob, type AccessDelivered } from '../modules/provisioning/index.ts';
import type { RenewalEvent, SubscriptionEvent } from '../modules/subscriptions/index.ts';
import type { Tx } from '../platform/db/index.ts';
import type { Job, Jobs } from '../platform/jobs/index.ts';
import type { Log } from '../platform/log/index.ts';

export { createLetters } from './letters.ts';

export type DomainEvent = PaymentEvent | SubscriptionEvent | AccessDelivered | PersonEvent;

/** A delivery that takes longer than this is announced, so that nobody pays again. */
const PREPARING_AFTER_MS = 8_000;

/** What says that money came to the balance, by why it did. */
const ON_BALANCE = {
  surplus: 'tell.surplus',
  short: 'tell.short',
  topped_up: 'tell.toppedUp',
} as const;

const MONEY_AND_ACCESS = 0;
const WORDS = 5;
const BULK = 9;

export function createReactions(deps: { jobs: Jobs; log: Log; now: () => Date }): {
  publish(tx: Tx, events: readonly DomainEvent[]): Promise<void>;
} {
  return {
    async publish(tx, events) {
      const at = deps.now();
      await deps.jobs.add(
        tx,
        events.flatMap((event) => reactionsTo(event, at)),
      );
      // Written a moment before the commit; the lines of the jobs that follow prove it.
      for (const event of events) deps.log.info(aboutFact(event), 'fact');
    },
  };
}

/** The fact with its ids: one search finds all that happened to an order or a person. */
function aboutFact(event: DomainEvent): Record<string, unknown> {
  const { type } = event;
  return {
    fact: type,
    ...('personId' in event ? { personId: event.personId } : {}),
    ...('extensionId' in event ? { extensionId: event.extensionId } : {}),
    ...('runId' in event ? { runId: event.runId } : {}),
    ...('silenceId' in event ? { silenceId: event.silenceId, provider: event.provider } : {}),
    ...('orderId' in event ? { orderId: event.orderId } : {}),
    ...('actId' in event ? { actId: event.actId } : {}),
    ...('paymentId' in event ? { paymentId: event.paymentId } : {}),
    ...('methodId' in event ? { methodId: event.methodId } : {}),
    ...('subscriptionId' in event ? { subscriptionId: event.subscriptionId } : {}),
  };
}

function reactionsTo(event: DomainEvent, at: Date): Job[] {
  switch (event.type) {
    case 'payment.settled':
      return event.outcome === 'paid'
        ? [
            job('subscriptions.extend', { orderId: event.orderId }, MONEY_AND_ACCESS),
            {
              ...job('tell.preparing', { orderId: event.orderId }, WORDS),
              runAt: new Date(at.getTime() + PREPARING_AFTER_MS),
            },
          ]
        : [job(ON_BALANCE[event.outcome], { paymentId: event.paymentId }, WORDS)];
    case 'payment.declined':
      // Nobody was at the till: the renewal says what comes next.
      if (event.isCharge) return [];
      return [job('tell.declined', { paymentId: event.paymentId }, WORDS)];
    case 'payment.refunded':
      return [
        review(event),
        job(
          'tell.refunded',
          {
            paymentId: event.paymentId,
            amountMinor: event.amount.minor.toString(),
            totalMinor: event.total.minor.toString(),
            target: event.target,
          },
          WORDS,
        ),
      ];
    case 'method.ended':
      return [job('payments.forgetMethod', { methodId: event.methodId }, WORDS)];
    case 'payment.disputed':
    case 'payment.dispute_won':
    case 'payment.dispute_lost':
      return [review(event)];
    case 'subscription.extended':
      return [deliverJob(event.subscriptionId)];
    case 'subscription.changed': {
      const delivery = deliverJob(event.subscriptionId);
      return [event.isBulk === true ? { ...delivery, priority: BULK } : delivery];
    }
    case 'reconciliation.asked':
      return [job('payments.reconcile', { runId: event.runId }, BULK)];
    case 'method.left':
    case 'notices.stopped':
    case 'notices.resumed':
      return [job(...toldToStaff(event), WORDS)];
    case 'extension.continues':
      return [job('subscriptions.extendAll', { extensionId: event.extensionId }, BULK)];
    case 'access.delivered':
      return [job(...toldOf(event), WORDS)];
    case 'person.banned':
    case 'person.unbanned':
      return [
        job('subscriptions.refresh', { personId: event.personId }, MONEY_AND_ACCESS),
        job(
          'tell.state',
          { personId: event.personId, actId: event.actId, isOpen: event.type !== 'person.banned' },
          WORDS,
        ),
      ];
    case 'renewal.announced':
    case 'renewal.declined':
    case 'renewal.ended':
      return [job(...toldOfRenewal(event), WORDS)];
    default:
      return assertNever(event);
  }
}

function toldToStaff(
  event: MethodLeft | NoticesStopped | NoticesResumed,
): [string, Job['payload']] {
  if (event.type === 'method.left') {
    const { methodId, personId, paymentId, provider } = event;
    return ['staff.methodLeft', { methodId, personId, paymentId, provider }];
  }
  const { silenceId, provider } = event;
  if (event.type === 'notices.stopped') {
    return ['staff.noticesStopped', { silenceId, provider, payments: event.payments }];
  }
  return ['staff.noticesResumed', { silenceId, provider, since: event.since.toISOString() }];
}

function toldOfRenewal(event: RenewalEvent): [string, Job['payload']] {
  const about = { subscriptionId: event.subscriptionId, term: event.term.toISOString() };
  switch (event.type) {
    case 'renewal.announced':
      return ['tell.renewalSoon', { ...about, at: event.chargedAt.toISOString() }];
    case 'renewal.declined':
      return [
        'tell.renewalDeclined',
        { ...about, at: event.nextTryAt.toISOString(), paymentId: event.paymentId },
      ];
    case 'renewal.ended':
      return ['tell.renewalEnded', { ...about, why: event.why }];
    default:
      return assertNever(event);
  }
}

function toldOf(event: AccessDelivered): [string, Job['payload']] {
  const { orderId, actId, subscriptionId, kind, revision, isFirst } = event;
  if (orderId !== undefined) return ['tell.delivered', { orderId, isFirst }];
  if (actId === undefined && (kind === 'withdraw' || kind === 'restore')) {
    return ['tell.turned', { subscriptionId, revision }];
  }
  assert(actId !== undefined, 'a grant comes from an order or from an act');
  return ['tell.granted', { actId, subscriptionId, kind }];
}

/** What the order gave follows its money, by the policy of the product. */
function review({ orderId }: { orderId: string }): Job {
  return job('subscriptions.review', { orderId }, MONEY_AND_ACCESS);
}

function job(task: string, payload: Job['payload'], priority: number): Job {
  return { task, payload, priority };
}
