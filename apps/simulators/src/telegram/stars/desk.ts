import type { World } from '../../world.ts';
import { ActRefused } from '../../providers/till.ts';
import type { SendUpdate } from '../acts.ts';
import { ApiError, badRequest } from '../bot-api.ts';
import { asMessage, type Chats, type ServiceNote } from '../chats.ts';
import { asUser, type People, type Person } from '../people.ts';
import type { Profile } from '../profile.ts';
import { type Books, openBooks } from './books.ts';
import {
  ANSWER_LIMIT_MS,
  type Attempt,
  type Charge,
  PERIOD_MS,
  type Subscription,
} from './charge.ts';
import type { Invoice } from './invoice.ts';

/**
 * Telegram's own side of Stars: it asks the bot before each payment, takes the money, tells of it,
 * and charges subscriptions by itself. Throws `ActRefused` for what a person cannot do.
 */
export interface StarsDesk {
  readonly books: Books;
  open(what: Omit<Invoice, 'id' | 'at'>): Invoice;
  /** Throws `ActRefused` when there is none. */
  invoice(id: string): Invoice;
  linkOf(invoice: Invoice): string;
  /** The person presses "pay": the bot is asked. */
  ask(person: Person, invoiceId: string): Attempt;
  payLater(person: Person, invoiceId: string, delayMs: number): void;
  attempt(id: string): Attempt | undefined;
  /** The bot answers; throws the API's 400 when the question is unknown, answered or too old. */
  answer(queryId: string, answer: Readonly<{ ok: boolean; words: string }>): void;
  /** Gives a charge back, whole; throws the API's 400. */
  refund(personId: number, chargeId: string): void;
  /** The bot stops a subscription or lets it run again; throws the API's 400. */
  editSubscription(personId: number, chargeId: string, isCanceled: boolean): void;
  /** The person does so in Telegram: the bot is told. */
  changeSubscription(id: string, state: 'active' | 'canceled'): Subscription;
  /** The next period, now: paid, or the person has too few Stars. */
  renew(id: string, outcome: 'paid' | 'failed'): Subscription;
  passTime(): void;
}

export type DeskParts = Readonly<{
  world: World;
  people: People;
  chats: Chats;
  profile: Profile;
  update: SendUpdate;
}>;
type Desk = DeskParts & Readonly<{ books: Books; now: () => number }>;

const QUERY_BASE = 52_911_000_000_000_000n;
/** Older questions are forgotten: they were answered or ran out long ago. */
const ATTEMPTS_KEPT = 20_000n;

export function createStarsDesk(parts: DeskParts): StarsDesk {
  const { world } = parts;
  const desk: Desk = {
    ...parts,
    books: openBooks(world.store),
    now: () => world.clock.now().getTime(),
  };
  const { books } = desk;
  const whole = <T>(act: () => T): T => world.store.together(act);

  return {
    books,
    open: (what) => whole(() => openInvoice(desk, what)),
    invoice: (id) => invoiceOf(desk, id),
    linkOf: ({ id }) => `${world.selfUrl}/telegram/invoice/${id}`,
    ask: (person, invoiceId) => whole(() => ask(desk, person, invoiceOf(desk, invoiceId))),
    payLater(person, invoiceId, delayMs) {
      const { id } = invoiceOf(desk, invoiceId);
      books.promises.put(id, { personId: person.id, payAt: desk.now() + delayMs });
    },
    attempt: (id) => books.attempts.get(id),
    answer: (queryId, answer) => {
      whole(() => {
        takeAnswer(desk, queryId, answer);
      });
    },
    refund: (personId, chargeId) => {
      whole(() => {
        refund(desk, personId, chargeId);
      });
    },
    editSubscription(personId, chargeId, isCanceled) {
      const charge = books.charges.get(chargeId);
      const id = charge?.personId === personId ? charge.subscriptionId : undefined;
      const subscription = id === undefined ? undefined : books.subscriptions.get(id);
      if (subscription === undefined) throw badRequest('CHARGE_NOT_FOUND');
      const state = isCanceled ? 'canceled' : 'active';
      books.subscriptions.put(subscription.id, { ...subscription, state });
    },
    changeSubscription: (id, state) => whole(() => change(desk, subscriptionOf(desk, id), state)),
    renew: (id, outcome) => whole(() => renew(desk, subscriptionOf(desk, id), outcome)),
    passTime: () => {
      passTime(desk, whole);
    },
  };
}

function openInvoice({ world, books, now }: Desk, what: Omit<Invoice, 'id' | 'at'>): Invoice {
  const chance = Math.floor(world.chance() * 36 ** 8).toString(36);
  const number = world.store.sequence('telegram.stars.invoice').toString(36);
  const invoice: Invoice = { ...what, id: `${chance}-${number}`, at: now() };
  books.invoices.put(invoice.id, invoice);
  return invoice;
}

function invoiceOf({ books }: Desk, id: string): Invoice {
  const invoice = books.invoices.get(id);
  if (invoice === undefined) throw new ActRefused(`no invoice ${id}`);
  return invoice;
}

function subscriptionOf({ books }: Desk, id: string): Subscription {
  const subscription = books.subscriptions.get(id);
  if (subscription === undefined) throw new ActRefused(`no subscription ${id}`);
  return subscription;
}

function ask(desk: Desk, person: Person, invoice: Invoice): Attempt {
  const number = BigInt(desk.world.store.sequence('telegram.stars.query'));
  const attempt: Attempt = {
    id: String(QUERY_BASE + number),
    personId: person.id,
    invoiceId: invoice.id,
    at: desk.now(),
    state: 'asked',
  };
  desk.books.attempts.put(attempt.id, attempt);
  desk.books.attempts.delete(String(QUERY_BASE + number - ATTEMPTS_KEPT));
  desk.update(person.id, {
    pre_checkout_query: {
      id: attempt.id,
      from: asUser(person),
      currency: 'XTR',
      total_amount: invoice.amount,
      invoice_payload: invoice.payload,
    },
  });
  return attempt;
}

function takeAnswer(
  desk: Desk,
  queryId: string,
  { ok, words }: Readonly<{ ok: boolean; words: string }>,
): void {
  const attempt = desk.books.attempts.get(queryId);
  if (attempt?.state !== 'asked' || desk.now() - attempt.at > ANSWER_LIMIT_MS) {
    throw badRequest('query is too old and response timeout expired or query ID is invalid');
  }
  if (!ok) {
    desk.books.attempts.put(queryId, { ...attempt, state: 'refused', words });
    return;
  }
  const invoice = invoiceOf(desk, attempt.invoiceId);
  const charge = newCharge(desk, attempt.personId, invoice);
  const first = invoice.isSubscription ? subscribe(desk, charge, invoice) : undefined;
  take(desk, first === undefined ? charge : { ...charge, subscriptionId: first.id }, first);
  desk.books.attempts.put(queryId, { ...attempt, state: 'paid', chargeId: charge.id });
}

function newCharge({ world, now }: Desk, personId: number, invoice: Invoice): Charge {
  const number = world.store.sequence('telegram.stars.charge').toString(36).padStart(6, '0');
  const chance = Math.floor(world.chance() * 36 ** 9).toString(36);
  const { id: invoiceId, payload, amount } = invoice;
  return { id: `stx${chance}_${number}`, personId, invoiceId, payload, amount, at: now() };
}

function subscribe({ books }: Desk, { id, personId, at }: Charge, invoice: Invoice): Subscription {
  const endsAt = at + PERIOD_MS;
  const made: Subscription = { id, personId, invoiceId: invoice.id, state: 'active', endsAt };
  books.subscriptions.put(id, made);
  return made;
}

/** The money moves and the bot is told, in the chat of the person. */
function take(desk: Desk, charge: Charge, subscription: Subscription | undefined): void {
  const { books } = desk;
  books.charges.put(charge.id, charge);
  note(desk, charge, 'in');
  const isFirst = subscription?.id === charge.id;
  const recurring =
    subscription === undefined
      ? {}
      : {
          subscription_expiration_date: Math.floor(subscription.endsAt / 1_000),
          is_recurring: true as const,
          ...(isFirst && { is_first_recurring: true as const }),
        };
  tell(desk, charge, {
    successful_payment: {
      currency: 'XTR',
      total_amount: charge.amount,
      invoice_payload: charge.payload,
      ...recurring,
      telegram_payment_charge_id: charge.id,
      provider_payment_charge_id: `${String(charge.personId)}_${charge.id.slice(-6)}`,
    },
  });
}

function note({ world, books, now }: Desk, { id: chargeId }: Charge, kind: 'in' | 'out'): void {
  const number = world.store.sequence('telegram.stars.movement');
  books.movements.put(String(number), { chargeId, kind, at: now() });
}

/** A service message: it stands in the chat, and the bot gets it as an update. */
function tell(
  { people, chats, profile, update }: Desk,
  charge: Charge,
  service: ServiceNote,
): void {
  const person = people.get(charge.personId);
  if (person === undefined) return;
  const message = chats.add({ chatId: person.id, by: 'person', text: '', entities: [], service });
  update(person.id, { message: asMessage(message, person, profile.user()) }, message.messageId);
}

function refund(desk: Desk, personId: number, chargeId: string): void {
  const charge = desk.books.charges.get(chargeId);
  if (charge?.personId !== personId) throw badRequest('CHARGE_NOT_FOUND');
  if (charge.refundedAt !== undefined)
    throw new ApiError(400, 'Bad Request: CHARGE_ALREADY_REFUNDED');
  desk.books.charges.put(chargeId, { ...charge, refundedAt: desk.now() });
  note(desk, charge, 'out');
  tell(desk, charge, {
    refunded_payment: {
      currency: 'XTR',
      total_amount: charge.amount,
      invoice_payload: charge.payload,
      telegram_payment_charge_id: charge.id,
    },
  });
}

/** What became of a subscription without the bot: it is told by an update of its own. */
function change(desk: Desk, before: Subscription, state: Subscription['state']): Subscription {
  const person = desk.people.get(before.personId);
  if (before.state === 'failed') throw new ActRefused('this subscription is over');
  const after = { ...before, state };
  desk.books.subscriptions.put(after.id, after);
  if (person !== undefined) {
    const { payload } = invoiceOf(desk, after.invoiceId);
    const subscription = { user: asUser(person), invoice_payload: payload, state };
    desk.update(person.id, { subscription });
  }
  return after;
}

function renew(desk: Desk, before: Subscription, outcome: 'paid' | 'failed'): Subscription {
  if (before.state !== 'active') throw new ActRefused(`this subscription is ${before.state}`);
  if (outcome === 'failed') return change(desk, before, 'failed');
  const after = { ...before, endsAt: before.endsAt + PERIOD_MS };
  desk.books.subscriptions.put(after.id, after);
  const charge = newCharge(desk, after.personId, invoiceOf(desk, after.invoiceId));
  take(desk, { ...charge, subscriptionId: after.id }, after);
  return after;
}

function passTime(desk: Desk, whole: <T>(act: () => T) => T): void {
  const { books, now } = desk;
  for (const [invoiceId, { personId, payAt }] of books.promises.entries()) {
    const person = desk.people.get(personId);
    if (payAt > now() || person === undefined) continue;
    whole(() => {
      books.promises.delete(invoiceId);
      ask(desk, person, invoiceOf(desk, invoiceId));
    });
  }
  for (const attempt of books.attempts.values()) {
    if (attempt.state !== 'asked' || now() - attempt.at <= ANSWER_LIMIT_MS) continue;
    books.attempts.put(attempt.id, { ...attempt, state: 'expired' });
  }
  for (const subscription of books.subscriptions.values()) {
    const due = subscription.state === 'active' && subscription.endsAt <= now();
    if (due) whole(() => renew(desk, subscription, 'paid'));
  }
}
