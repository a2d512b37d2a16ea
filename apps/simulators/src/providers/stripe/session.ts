import {
  type Form,
  readAddress,
  readFlag,
  readMetadata,
  readRequired,
  readText,
  readWhole,
  readWord,
  refuseUnknown,
} from './form.ts';
import { readSum, type Sum } from './sum.ts';
import { Refusal, refuse } from './refusal.ts';

/** What `POST /checkout/sessions` asks for, read and checked. */
export type SessionOrder = Readonly<{
  sum: Sum;
  lines: readonly Line[];
  successUrl: string;
  cancelUrl: string | undefined;
  reference: string | undefined;
  customerId: string | undefined;
  email: string | undefined;
  metadata: Readonly<Record<string, string>>;
  intentMetadata: Readonly<Record<string, string>>;
  description: string | undefined;
  /** The buyer agrees that the merchant charges the method again without them. */
  savesMethod: boolean;
  /** Makes a customer when the page is paid; without one a method is kept for nobody. */
  makesCustomer: boolean;
  locale: string | undefined;
  /** Unix seconds, as everything of Stripe's. */
  expiresAt: number;
}>;

export type Line = Readonly<{ name: string; unitAmount: number; quantity: number }>;

/** A hosted checkout page: `open` -> `complete` | `expired`; money is told by `paymentStatus`. */
export type Session = Readonly<
  SessionOrder & {
    id: string;
    createdAt: number;
    status: 'open' | 'complete' | 'expired';
    paymentStatus: 'unpaid' | 'paid';
    /** Made at the first attempt to pay. */
    intentId?: string | undefined;
    /** A buyer who promised to come back: unix seconds. */
    payAt?: number | undefined;
  }
>;

const KNOWN = [
  'mode',
  'line_items',
  'success_url',
  'cancel_url',
  'client_reference_id',
  'customer',
  'customer_email',
  'customer_creation',
  'metadata',
  'payment_intent_data',
  'payment_method_types',
  'payment_method_options',
  'expires_at',
  'locale',
  'submit_type',
  'ui_mode',
  'adaptive_pricing',
  'automatic_tax',
  'billing_address_collection',
];
const LIFE_SECONDS = { least: 1_800, most: 86_400 };
const LINES_MAX = 100;
const TEXT_MAX = 5_000;

/** Throws `Refusal` naming the first wrong parameter. */
export function readSession(form: Form, now: number, currencies: readonly string[]): SessionOrder {
  refuseUnknown(form, KNOWN);
  const mode = readRequired(form, 'mode', 20);
  if (mode !== 'payment') refuse('mode', 'The simulated account sells single payments only');
  const currency = form.get('line_items[0][price_data][currency]');
  const lines = readLines(form, currency);
  const amount = lines.reduce((sum, line) => sum + line.unitAmount * line.quantity, 0);
  const life = readWhole(form, 'expires_at') ?? now + LIFE_SECONDS.most;
  if (life < now + LIFE_SECONDS.least || life > now + LIFE_SECONDS.most) {
    refuse('expires_at', 'The timestamp must be at least 30 minutes and at most 24 hours ahead');
  }
  const successUrl = readAddress(form, 'success_url');
  const data = 'payment_intent_data';
  if (form.get(`${data}[capture_method]`) === 'manual') {
    refuse(`${data}[capture_method]`, 'The simulated account takes the money at once');
  }
  return {
    sum: readSum({ amount, currency, param: 'line_items' }, currencies),
    lines,
    successUrl: successUrl ?? refuse('success_url', 'Missing required param: success_url.'),
    cancelUrl: readAddress(form, 'cancel_url'),
    reference: readText(form, 'client_reference_id', 200),
    ...readBuyer(form),
    metadata: readMetadata(form, 'metadata'),
    intentMetadata: readMetadata(form, `${data}[metadata]`),
    description: readText(form, `${data}[description]`, 1_000),
    savesMethod:
      readWord(form, `${data}[setup_future_usage]`, ['off_session', 'on_session']) ===
      'off_session',
    makesCustomer: readWord(form, 'customer_creation', ['always', 'if_required']) === 'always',
    locale: readText(form, 'locale', 10),
    expiresAt: life,
  };
}

export function openSession(id: string, order: SessionOrder, now: number): Session {
  return { ...order, id, createdAt: now, status: 'open', paymentStatus: 'unpaid' };
}

/** The buyer is through: with a delayed method the money is not there yet. */
export const completed = (session: Session, paid: boolean): Session => ({
  ...expectOpen(session),
  status: 'complete',
  paymentStatus: paid ? 'paid' : 'unpaid',
  payAt: undefined,
});

export const expired = (session: Session): Session => ({
  ...expectOpen(session),
  status: 'expired',
  payAt: undefined,
});

export function expectOpen(session: Session): Session {
  if (session.status === 'open') return session;
  throw new Refusal(
    'invalid_request_error',
    `This Session is ${session.status}: only an open one can be paid or expired.`,
    { param: 'session' },
  );
}

function readBuyer(form: Form): Pick<SessionOrder, 'customerId' | 'email'> {
  const customerId = readText(form, 'customer', 100);
  const email = readText(form, 'customer_email', 800);
  if (customerId !== undefined && email !== undefined) {
    refuse('customer_email', 'You may only specify one of these parameters: customer, email');
  }
  return { customerId, email };
}

function readLines(form: Form, currency: string | null): Line[] {
  const lines: Line[] = [];
  for (let at = 0; at < LINES_MAX; at += 1) {
    const line = `line_items[${String(at)}]`;
    if (![...form.keys()].some((name) => name.startsWith(`${line}[`))) break;
    if (form.get(`${line}[price_data][currency]`) !== currency) {
      refuse(`${line}[price_data][currency]`, 'All prices of a Session have one currency');
    }
    if (readFlag(form, `${line}[adjustable_quantity][enabled]`)) {
      refuse(`${line}[adjustable_quantity]`, 'The simulated page does not change quantities');
    }
    lines.push({
      name: readRequired(form, `${line}[price_data][product_data][name]`, TEXT_MAX),
      unitAmount:
        readWhole(form, `${line}[price_data][unit_amount]`) ??
        refuse(`${line}[price_data][unit_amount]`, 'Missing required param: unit_amount.'),
      quantity: readWhole(form, `${line}[quantity]`) ?? 1,
    });
  }
  if (lines.length === 0) refuse('line_items', 'Missing required param: line_items.');
  return lines;
}
