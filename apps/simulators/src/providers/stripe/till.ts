import { sumOf } from '../control.ts';
import { ActRefused, type Acts, type Bill, type Till, type Wish } from '../till.ts';
import { type Account, find, latestCharge, orderOf } from './account.ts';
import type { Charge, Intent } from './intent.ts';
import { declineSession, expireSession, payBySession } from './paying.ts';
import { closeDispute, dispute, refund } from './returning.ts';
import { Refusal } from './refusal.ts';
import { expectOpen, type Session } from './session.ts';
import { majorText, toMoney } from './sum.ts';

/**
 * Stripe as people and drills handle it. A bill is a Checkout session, or a payment made without
 * one. Nobody can pay another amount, and a page that ran out is never paid: what comes late is
 * the money of a delayed method.
 */
export function openTill(account: Account): Till {
  return {
    id: 'stripe',
    bills: () =>
      [...account.sessions.ids(), ...account.intents.ids()].flatMap((id) => {
        const bill = billOf(account, id);
        return bill === undefined ? [] : [bill];
      }),
    bill: (id) => {
      const bill = billOf(account, id);
      if (bill === undefined) throw new ActRefused(`no such payment: ${id}`, true);
      return bill;
    },
    acts: actsOf(account),
    cabinet: account.cabinet,
    forge: (body) => {
      account.news.forge(body);
    },
  };
}

function actsOf(account: Account): Acts {
  const charge = (id: string): string => {
    const made = latestCharge(account, intentOf(account, id));
    if (made === undefined) throw new ActRefused('nobody has tried to pay this');
    return made.id;
  };
  return inVendorsWords({
    pay: (id, { method }) =>
      payBySession(account, id, method === 'sepa_debit' ? 'sepa_debit' : 'card'),
    decline: (id) => declineSession(account, id, 'insufficient_funds'),
    abandon: (id) => expectOpen(find(account.sessions, 'checkout.session', id)),
    late: (id, { afterMs = 0 }) => payLate(account, id, { afterMs }),
    twice: (id) => {
      payTwice(account, find(account.sessions, 'checkout.session', id));
    },
    expire: (id) => expireSession(account, id),
    cancel: (id) => expireSession(account, id),
    refund: (id, wish) => {
      const paid = find(account.charges, 'charge', charge(id));
      const sum = sumOf(wish, toMoney(paid.sum).currency);
      return refund(account, {
        chargeId: paid.id,
        intentId: undefined,
        amount: sum === undefined ? undefined : Number(sum.minor),
        reason: 'requested_by_customer',
        metadata: {},
      });
    },
    resend: (id) => {
      resend(account, id);
    },
    dispute: (id) => dispute(account, charge(id)),
    win: (id) => closeDispute(account, charge(id), true),
    lose: (id) => closeDispute(account, charge(id), false),
  });
}

/** With no wait the buyer pays at once; otherwise by a debit whose money takes that long. */
export function payLate(
  account: Account,
  id: string,
  { afterMs, well = true }: Readonly<{ afterMs: number; well?: boolean }>,
): void {
  const { intentId } = payBySession(account, id, afterMs === 0 ? 'card' : 'sepa_debit');
  if (afterMs === 0) return;
  const intent = find(account.intents, 'payment_intent', intentId ?? '');
  const at = account.now() + Math.round(afterMs / 1_000);
  account.intents.save({ ...intent, settles: { at, well } });
}

/** Open pages of the same order, other than this one. */
export const otherPages = (account: Account, session: Session): Session[] =>
  account.sessions
    .group(orderOf(session))
    .filter((other) => other.id !== session.id && other.status === 'open');

function payTwice(account: Account, session: Session): void {
  const [other] = otherPages(account, session);
  if (other === undefined) {
    throw new ActRefused('a page is paid once, and the order has no other open page');
  }
  if (session.status === 'open') payBySession(account, session.id, 'card');
  payBySession(account, other.id, 'card');
}

function resend({ world, sessions }: Account, id: string): void {
  const names = [id, sessions.find(id)?.intentId ?? id];
  const newest = world.deliveries
    .list('stripe')
    .findLast(({ about = '' }) => names.includes(about));
  if (newest === undefined) throw new ActRefused('there was no notice of this payment yet');
  world.deliveries.resend(newest.id);
}

function intentOf(account: Account, id: string): Intent {
  const intentId = account.sessions.find(id)?.intentId ?? id;
  const intent = account.intents.find(intentId);
  if (intent === undefined) throw new ActRefused('nobody has tried to pay this');
  return intent;
}

function billOf(account: Account, id: string): Bill | undefined {
  const session = account.sessions.find(id);
  const intent = account.intents.find(session?.intentId ?? id);
  // An intent of a page is seen through its page.
  const about = session ?? (intent?.sessionId === undefined ? intent : undefined);
  if (about === undefined) return undefined;
  const charge = intent === undefined ? undefined : latestCharge(account, intent);
  const { sum } = about;
  const zero = { ...sum, amount: 0 };
  const currency = toMoney(sum).currency;
  return {
    id,
    order: session === undefined ? undefined : orderOf(session),
    reference: session?.reference ?? intent?.metadata['payment_id'],
    state: stateOf(account, session, intent),
    status: statusOf(session, intent),
    amount: { value: majorText(sum), currency },
    taken: majorText(charge?.status === 'succeeded' ? charge.sum : zero),
    returned: majorText({ ...sum, amount: returnedOf(account, charge) }),
    createdAt: isoOf(about.createdAt),
    checkoutUrl: `${account.world.selfUrl}/stripe/checkout/${id}`,
    description: session?.lines.map((line) => line.name).join(', ') ?? intent?.description,
    returnUrl: session?.successUrl.replaceAll('{CHECKOUT_SESSION_ID}', id),
    language: session?.locale === 'ru' || session?.locale === 'en' ? session.locale : undefined,
    payAt: intent?.settles === undefined ? undefined : isoOf(intent.settles.at),
    deadlineAt: session?.status === 'open' ? isoOf(session.expiresAt) : undefined,
  };
}

/** Given back, and what the buyer's bank took for good. */
function returnedOf(account: Account, charge: Charge | undefined): number {
  if (charge === undefined) return 0;
  const lost = account.disputes.group(charge.id).filter(({ status }) => status === 'lost');
  return lost.reduce((all, dispute) => all + dispute.sum.amount, charge.refunded);
}

function stateOf(
  account: Account,
  session: Session | undefined,
  intent: Intent | undefined,
): Bill['state'] {
  const charge = intent === undefined ? undefined : latestCharge(account, intent);
  if (charge?.status === 'succeeded') {
    const [last] = account.disputes.group(charge.id);
    return last === undefined || last.status === 'won' ? 'paid' : 'disputed';
  }
  if (intent?.status === 'processing') return 'held';
  if (session !== undefined) return session.status === 'open' ? 'open' : 'closed';
  return intent?.status === 'canceled' ? 'closed' : 'open';
}

const statusOf = (session: Session | undefined, intent: Intent | undefined): string =>
  session?.status === 'expired' ? 'expired' : (intent?.status ?? session?.status ?? 'open');

const isoOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** What the API would refuse, a person is refused too, with the vendor's sentence. */
function inVendorsWords(
  acts: Readonly<{ [name in keyof Acts]: (id: string, wish: Wish) => unknown }>,
): Acts {
  return Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [
      name,
      (id: string, wish: Wish): void => {
        try {
          act(id, wish);
        } catch (error) {
          throw error instanceof Refusal ? new ActRefused(error.message) : error;
        }
      },
    ]),
  );
}
