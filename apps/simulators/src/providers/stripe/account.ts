import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import type { Cabinet } from '../cabinet.ts';
import { nextId } from './ids.ts';
import type { Charge, Customer, Intent, Method } from './intent.ts';
import { type News, openNews } from './news.ts';
import { presentCharge, presentIntent, presentSession } from './present.ts';
import type { Dispute, Refund } from './refund.ts';
import { missing } from './refusal.ts';
import type { Session } from './session.ts';
import type { StripeSettings } from './settings.ts';

/** What one account at Stripe remembers; every act on it is written whole or not at all. */
export interface Account {
  readonly world: World;
  readonly cabinet: Cabinet<StripeSettings>;
  readonly news: News;
  readonly sessions: Book<Session>;
  readonly intents: Book<Intent>;
  readonly charges: Book<Charge>;
  readonly refunds: Book<Refund>;
  readonly disputes: Book<Dispute>;
  readonly customers: Book<Customer>;
  readonly methods: Book<Method>;
  /** Unix seconds. */
  now(): number;
}

export function openAccount(world: World, cabinet: Cabinet<StripeSettings>): Account {
  const { store } = world;
  const shut = { isOpen: () => false };
  return {
    world,
    cabinet,
    news: openNews(world, cabinet),
    sessions: openBook<Session>(store, 'stripe.sessions', {
      groupOf: (session) => orderOf(session),
      isOpen: (session) => session.status === 'open',
    }),
    intents: openBook<Intent>(store, 'stripe.intents', {
      groupOf: (intent) => intent.customerId,
      isOpen: (intent) => intent.status === 'processing',
    }),
    charges: openBook<Charge>(store, 'stripe.charges', {
      groupOf: (charge) => charge.intentId,
      ...shut,
    }),
    refunds: openBook<Refund>(store, 'stripe.refunds', {
      groupOf: (refund) => refund.chargeId,
      ...shut,
    }),
    disputes: openBook<Dispute>(store, 'stripe.disputes', {
      groupOf: (dispute) => dispute.chargeId,
      ...shut,
    }),
    customers: openBook<Customer>(store, 'stripe.customers', { groupOf: () => undefined, ...shut }),
    methods: openBook<Method>(store, 'stripe.methods', {
      groupOf: (method) => method.customerId,
      ...shut,
    }),
    now: () => Math.floor(world.clock.now().getTime() / 1_000),
  };
}

/** Sessions of one order of the shop: what it wrote into the metadata tells. */
export const orderOf = ({ metadata }: Session): string | undefined => metadata['order_id'];

/** Throws the vendor's 404 when there is none. */
export const find = <T>(book: Book<T>, what: string, id: string): T =>
  book.find(id) ?? missing(what, id);

/** The money an intent has brought, if it has. */
export const latestCharge = ({ charges }: Account, intent: Intent): Charge | undefined =>
  intent.latestChargeId === undefined ? undefined : charges.find(intent.latestChargeId);

export function saveSession(account: Account, session: Session, event?: string): Session {
  account.sessions.save(session);
  if (event !== undefined) {
    const shown = presentSession(session, account.world.selfUrl);
    account.news.tell(`checkout.session.${event}`, shown, session.intentId ?? session.id);
  }
  return session;
}

export function saveIntent(account: Account, intent: Intent, event: string): Intent {
  account.intents.save(intent);
  account.news.tell(`payment_intent.${event}`, presentIntent(intent), intent.id);
  return intent;
}

export function saveCharge(account: Account, charge: Charge, event: string): Charge {
  account.charges.save(charge);
  const intent = account.intents.find(charge.intentId);
  const method = account.methods.find(charge.methodId);
  account.news.tell(`charge.${event}`, presentCharge(charge, intent, method), charge.intentId);
  return charge;
}

/** A means of payment seen for the first time; with a customer it can be charged again. */
export function newMethod(
  account: Account,
  type: Method['type'],
  customerId: string | undefined,
): Method {
  const id = nextId(account.world, 'method');
  const method: Method = { id, createdAt: account.now(), type, customerId };
  account.methods.save(method);
  return method;
}

export function newCustomer(
  account: Account,
  given: Pick<Customer, 'email' | 'name' | 'metadata'>,
): Customer {
  const id = nextId(account.world, 'customer');
  const customer: Customer = { ...given, id, createdAt: account.now() };
  account.customers.save(customer);
  return customer;
}
