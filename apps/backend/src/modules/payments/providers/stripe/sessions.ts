/** Reading payments: by session or intent, by what a notice of a charge names, and all of a time. */
import { ProviderPaymentMissing, ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment, TimeWindow } from '../../provider.ts';
import type { StripeCall } from './client.ts';
import { isCharged, readCharged } from './charged.ts';
import { objectId, readChargeLink, readList, readSession, withDisputes } from './map.ts';
import type { ReadSession } from './map.ts';

/** Largest page the vendor gives. */
const PAGE_SIZE = 100;
/** 50,000 of a kind in one window; beyond it the caller must ask for shorter windows. */
const PAGES_MAX = 500;
/** A payment is disputed once, rarely twice. */
const DISPUTES_MAX = 10;

/** The charge inside the intent: it tells what was given back and what is disputed. */
export const EXPAND = ['payment_intent.latest_charge'];
const EXPAND_EACH = ['data.payment_intent.latest_charge'];
/** The same where the intent itself is asked for. */
export const EXPAND_CHARGE = ['latest_charge'];
const EXPAND_CHARGE_EACH = ['data.latest_charge'];

/** `reference` is a session's, or a payment intent's or a charge's, as notices of charges have. */
export async function findSession(call: StripeCall, reference: string): Promise<ReadSession> {
  if (!objectId.safeParse(reference).success) throw missing('the reference is no id');
  if (reference.startsWith('cs_')) {
    const answer = await call((stripe, options) =>
      stripe.checkout.sessions.retrieve(reference, { expand: EXPAND }, options),
    );
    const session = readSession(answer, 'expanded');
    if (session.payment.reference === reference) return session;
    throw new ProviderProtocolError(
      `stripe: asked for ${reference}, got ${session.payment.reference}`,
    );
  }
  const intent = reference.startsWith('pi_')
    ? reference
    : readChargeLink(
        await call((stripe, options) => stripe.charges.retrieve(reference, {}, options)),
      );
  if (intent === undefined) throw missing(`charge ${reference} belongs to no payment`);
  const query = { payment_intent: intent, limit: 1, expand: EXPAND_EACH };
  const answer = await call((stripe, options) => stripe.checkout.sessions.list(query, options));
  const [item] = readList(answer).items;
  if (item === undefined) return findCharged(call, intent);
  const session = readSession(item, 'expanded');
  if (session.intent === intent) return session;
  throw new ProviderProtocolError(`stripe: asked for the session of ${intent}, got another`);
}

/** An intent without a session: ours only when we charged it. */
async function findCharged(call: StripeCall, id: string): Promise<ReadSession> {
  const answer = await call((stripe, options) =>
    stripe.paymentIntents.retrieve(id, { expand: EXPAND_CHARGE }, options),
  );
  if (!isCharged(answer)) throw missing(`${id} is neither of a session nor charged by us`);
  const charged = readCharged(answer);
  if (charged.intent === id) return charged;
  throw new ProviderProtocolError(`stripe: asked for ${id}, got ${charged.payment.reference}`);
}

/** The payment with what its disputes made of it. */
export async function judged(call: StripeCall, session: ReadSession): Promise<ProviderPayment> {
  const { payment, intent, isDisputed } = session;
  if (!isDisputed || intent === undefined || payment.state !== 'settled') return payment;
  const query = { payment_intent: intent, limit: DISPUTES_MAX };
  const answer = await call((stripe, options) => stripe.disputes.list(query, options));
  return withDisputes(payment, answer);
}

/** Sessions and charges, an odd item last: it must not hide the rest of the money. */
export async function* listPayments(
  begin: () => StripeCall,
  window: TimeWindow,
): AsyncGenerator<ProviderPayment> {
  const created = secondsOf(window);
  const sessions = pages((after) =>
    begin()(({ checkout }, options) =>
      checkout.sessions.list({ created, ...after, limit: PAGE_SIZE, expand: EXPAND_EACH }, options),
    ),
  );
  const intents = pages((after) =>
    begin()(({ paymentIntents }, options) =>
      paymentIntents.list(
        { created, ...after, limit: PAGE_SIZE, expand: EXPAND_CHARGE_EACH },
        options,
      ),
    ),
  );
  let odd: ProviderProtocolError | undefined;
  for (const [items, read] of [
    [sessions, (item: unknown) => readSession(item, 'expanded')],
    [intents, (item: unknown) => (isCharged(item) ? readCharged(item) : undefined)],
  ] as const) {
    for await (const item of items) {
      const result = tryRead(item, read);
      if (result instanceof ProviderProtocolError) odd ??= result;
      else if (result !== undefined) yield await judged(begin(), result);
    }
  }
  if (odd !== undefined) throw odd;
}

type After = Readonly<{ starting_after?: string }>;

/** The items of a list, page after page. */
async function* pages(ask: (after: After) => Promise<unknown>): AsyncGenerator {
  let after: After = {};
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items, hasMore } = readList(await ask(after));
    yield* items;
    const last = lastId(items);
    if (!hasMore || last === undefined) return;
    after = { starting_after: last };
  }
  throw new ProviderProtocolError(`stripe: more than ${String(PAGES_MAX)} pages in one window`);
}

/** The vendor counts whole seconds: the edges are rounded outwards, so nothing falls between. */
function secondsOf({ from, to }: TimeWindow): { gte: number; lt: number } {
  return { gte: Math.floor(from.getTime() / 1000), lt: Math.ceil(to.getTime() / 1000) };
}

function lastId(items: readonly unknown[]): string | undefined {
  const last = items.at(-1);
  const id = typeof last === 'object' && last !== null && 'id' in last ? last.id : undefined;
  return objectId.safeParse(id).data;
}

function tryRead(
  item: unknown,
  read: (item: unknown) => ReadSession | undefined,
): ReadSession | ProviderProtocolError | undefined {
  try {
    return read(item);
  } catch (error) {
    if (error instanceof ProviderProtocolError) return error;
    throw error;
  }
}

function missing(message: string): ProviderPaymentMissing {
  return new ProviderPaymentMissing(`stripe: ${message}`);
}
