/** Reading payments: by session, by what a notice of a charge names, and all of a time. */
import { ProviderPaymentMissing, ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment, TimeWindow } from '../../provider.ts';
import type { StripeCall } from './client.ts';
import { objectId, readChargeLink, readList, readSession, withDisputes } from './map.ts';
import type { ReadSession } from './map.ts';

/** Largest page the vendor gives. */
const PAGE_SIZE = 100;
/** 50,000 sessions in one window; beyond it the caller must ask for shorter windows. */
const PAGES_MAX = 500;
/** A payment is disputed once, rarely twice. */
const DISPUTES_MAX = 10;

/** The charge inside the intent: it tells what was given back and what is disputed. */
export const EXPAND = ['payment_intent.latest_charge'];
const EXPAND_EACH = ['data.payment_intent.latest_charge'];

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
  if (item === undefined) throw missing(`no checkout session of ${intent}`);
  const session = readSession(item, 'expanded');
  if (session.intent === intent) return session;
  throw new ProviderProtocolError(`stripe: asked for the session of ${intent}, got another`);
}

/** The payment with what its disputes made of it. */
export async function judged(call: StripeCall, session: ReadSession): Promise<ProviderPayment> {
  const { payment, intent, isDisputed } = session;
  if (!isDisputed || intent === undefined || payment.state !== 'settled') return payment;
  const query = { payment_intent: intent, limit: DISPUTES_MAX };
  const answer = await call((stripe, options) => stripe.disputes.list(query, options));
  return withDisputes(payment, answer);
}

/** Good items are delivered before an odd one is reported: it must not hide the rest of the money. */
export async function* listSessions(
  begin: () => StripeCall,
  window: TimeWindow,
): AsyncGenerator<ProviderPayment> {
  let after: string | undefined;
  let odd: ProviderProtocolError | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = {
      created: secondsOf(window),
      limit: PAGE_SIZE,
      expand: EXPAND_EACH,
      ...(after === undefined ? {} : { starting_after: after }),
    };
    const { items, hasMore } = readList(
      await begin()((stripe, options) => stripe.checkout.sessions.list(query, options)),
    );
    for (const item of items) {
      const result = tryRead(item);
      if (result instanceof ProviderProtocolError) odd ??= result;
      else yield await judged(begin(), result);
    }
    after = lastId(items);
    if (!hasMore || after === undefined) {
      if (odd !== undefined) throw odd;
      return;
    }
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

function tryRead(item: unknown): ReadSession | ProviderProtocolError {
  try {
    return readSession(item, 'expanded');
  } catch (error) {
    if (error instanceof ProviderProtocolError) return error;
    throw error;
  }
}

function missing(message: string): ProviderPaymentMissing {
  return new ProviderPaymentMissing(`stripe: ${message}`);
}
