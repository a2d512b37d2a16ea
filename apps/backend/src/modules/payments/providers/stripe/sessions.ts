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
export const EXPAND = { 'expand[0]': 'payment_intent.latest_charge' };
const EXPAND_EACH = { 'expand[0]': 'data.payment_intent.latest_charge' };

/** `reference` is a session's, or a payment intent's or a charge's, as notices of charges have. */
export async function findSession(call: StripeCall, reference: string): Promise<ReadSession> {
  if (!objectId.safeParse(reference).success) throw missing('the reference is no id');
  if (reference.startsWith('cs_')) {
    const session = readSession(await call.get(sessionPath(reference), EXPAND), 'expanded');
    if (session.payment.reference === reference) return session;
    throw new ProviderProtocolError(
      `stripe: asked for ${reference}, got ${session.payment.reference}`,
    );
  }
  const intent = reference.startsWith('pi_')
    ? reference
    : readChargeLink(await call.get(`charges/${reference}`));
  if (intent === undefined) throw missing(`charge ${reference} belongs to no payment`);
  const query = { payment_intent: intent, limit: '1', ...EXPAND_EACH };
  const [item] = readList(await call.get('checkout/sessions', query)).items;
  if (item === undefined) throw missing(`no checkout session of ${intent}`);
  const session = readSession(item, 'expanded');
  if (session.intent === intent) return session;
  throw new ProviderProtocolError(`stripe: asked for the session of ${intent}, got another`);
}

/** The payment with what its disputes made of it. */
export async function judged(call: StripeCall, session: ReadSession): Promise<ProviderPayment> {
  const { payment, intent, isDisputed } = session;
  if (!isDisputed || intent === undefined || payment.state !== 'settled') return payment;
  const query = { payment_intent: intent, limit: String(DISPUTES_MAX) };
  return withDisputes(payment, await call.get('disputes', query));
}

/** Good items are delivered before an odd one is reported: it must not hide the rest of the money. */
export async function* listSessions(
  begin: () => StripeCall,
  window: TimeWindow,
): AsyncGenerator<ProviderPayment> {
  let after: string | undefined;
  let odd: ProviderProtocolError | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const { items, hasMore } = readList(
      await begin().get('checkout/sessions', {
        // The vendor counts whole seconds: the edges are rounded outwards, so nothing falls between.
        'created[gte]': String(Math.floor(window.from.getTime() / 1000)),
        'created[lt]': String(Math.ceil(window.to.getTime() / 1000)),
        limit: String(PAGE_SIZE),
        ...EXPAND_EACH,
        ...(after === undefined ? {} : { starting_after: after }),
      }),
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

export function sessionPath(reference: string): string {
  return `checkout/sessions/${reference}`;
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
