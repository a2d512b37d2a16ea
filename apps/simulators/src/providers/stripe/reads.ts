import { type Account, find } from './account.ts';
import type { Call } from './call.ts';
import { type Form, readList } from './form.ts';
import { listOf } from './lists.ts';
import type { Event } from './news.ts';
import {
  presentCharge,
  presentCustomer,
  presentDispute,
  presentIntent,
  presentMethod,
  presentRefund,
  presentSession,
  type Shown,
} from './present.ts';

/** Everything that is only looked at, by the path of the API. */
export function reads(account: Account): Readonly<Record<string, Call>> {
  const { sessions, intents, charges, refunds, disputes, customers, methods, news } = account;
  const session = presentersOf(account).session;
  const charge = presentersOf(account).charge;
  const createdOf = (item: Readonly<{ createdAt: number }>): number => item.createdAt;
  return {
    '/balance': () => ({ object: 'balance', available: [], pending: [], livemode: false }),
    '/checkout/sessions': (_id, query) =>
      listOf(sessions, query, {
        url: '/v1/checkout/sessions',
        fits: (item) =>
          is(query, 'payment_intent', item.intentId) && is(query, 'status', item.status),
        createdOf,
        present: session,
      }),
    '/checkout/sessions/:id': (id) => session(find(sessions, 'checkout.session', id)),
    '/payment_intents': (_id, query) =>
      listOf(intents, query, {
        url: '/v1/payment_intents',
        fits: (item) => is(query, 'customer', item.customerId),
        createdOf,
        present: presentIntent,
      }),
    '/payment_intents/:id': (id) => presentIntent(find(intents, 'payment_intent', id)),
    '/charges': (_id, query) =>
      listOf(charges, query, {
        url: '/v1/charges',
        fits: (item) => is(query, 'payment_intent', item.intentId),
        createdOf,
        present: charge,
      }),
    '/charges/:id': (id) => charge(find(charges, 'charge', id)),
    '/refunds': (_id, query) =>
      listOf(refunds, query, {
        url: '/v1/refunds',
        fits: (item) =>
          is(query, 'payment_intent', item.intentId) && is(query, 'charge', item.chargeId),
        createdOf,
        present: presentRefund,
      }),
    '/refunds/:id': (id) => presentRefund(find(refunds, 'refund', id)),
    '/disputes': (_id, query) =>
      listOf(disputes, query, {
        url: '/v1/disputes',
        fits: (item) =>
          is(query, 'payment_intent', item.intentId) && is(query, 'charge', item.chargeId),
        createdOf,
        present: presentDispute,
      }),
    '/disputes/:id': (id) => presentDispute(find(disputes, 'dispute', id)),
    '/customers/:id': (id) => presentCustomer(find(customers, 'customer', id)),
    '/customers/:id/payment_methods': (id, query) =>
      listOf(methods, query, {
        url: `/v1/customers/${id}/payment_methods`,
        fits: (item) => item.customerId === find(customers, 'customer', id).id,
        createdOf,
        present: presentMethod,
      }),
    '/payment_methods/:id': (id) => presentMethod(find(methods, 'payment_method', id)),
    '/events': (_id, query) =>
      listOf(news.events, query, {
        url: '/v1/events',
        fits: eventFilter(query, news.undelivered()),
        createdOf: (event) => event.created,
        present: (event) => event,
      }),
    '/events/:id': (id) => find(news.events, 'event', id),
  };
}

/** Two objects are shown with facts from beside them. */
export const presentersOf = ({ world, intents, methods }: Account) => ({
  session: (item: Parameters<typeof presentSession>[0]): Shown =>
    presentSession(item, world.selfUrl),
  charge: (item: Parameters<typeof presentCharge>[0]): Shown =>
    presentCharge(item, intents.find(item.intentId), methods.find(item.methodId)),
});

/** A filter that was not given fits everything. */
const is = (query: Form, name: string, value: string | undefined): boolean =>
  !query.has(name) || query.get(name) === value;

function eventFilter(query: Form, undelivered: ReadonlySet<string>): (event: Event) => boolean {
  const wanted = new Set([...readList(query, 'types'), ...query.getAll('type')]);
  const delivered = query.get('delivery_success');
  return ({ id, type }) =>
    (wanted.size === 0 || wanted.has(type)) &&
    (delivered === null || (delivered === 'true') !== undelivered.has(id));
}
