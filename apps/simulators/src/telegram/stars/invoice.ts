import { badRequest } from '../bot-api.ts';
import type { Params } from '../params.ts';

/** The only period Telegram sells a subscription for: 30 days, in seconds. */
export const SUBSCRIPTION_SECONDS = 2_592_000;
const TITLE_MAX = 32;
const DESCRIPTION_MAX = 255;
const PAYLOAD_MAX_BYTES = 128;
/** Telegram publishes no upper limit; this one only keeps sums sane. */
const STARS_MAX = 100_000;
const START_PARAMETER = /^[\w-]{0,64}$/u;

/** What a bot asks to be paid in Stars. It can be paid any number of times, by anybody. */
export type Invoice = Readonly<{
  /** The last part of its link. */
  id: string;
  title: string;
  description: string;
  /** The bot's own, 1 to 128 bytes; it comes back with every payment. */
  payload: string;
  /** Whole Stars. */
  amount: number;
  isSubscription: boolean;
  /** Wall clock, milliseconds. */
  at: number;
}>;

/** Reads the parameters of `sendInvoice` and `createInvoiceLink`; throws the API's 400. */
export function readInvoice(params: Params): Omit<Invoice, 'id' | 'at'> {
  const title = lengthOf(params, 'title', TITLE_MAX);
  const description = lengthOf(params, 'description', DESCRIPTION_MAX);
  const payload = params.text('payload') ?? '';
  const bytes = Buffer.byteLength(payload);
  if (bytes < 1 || bytes > PAYLOAD_MAX_BYTES) throw badRequest('INVOICE_PAYLOAD_INVALID');
  if (params.text('currency') !== 'XTR') throw badRequest('CURRENCY_INVALID');
  if ((params.text('provider_token') ?? '') !== '') throw badRequest('PAYMENT_PROVIDER_INVALID');
  if (!START_PARAMETER.test(params.text('start_parameter') ?? '')) {
    throw badRequest('START_PARAM_INVALID');
  }
  return { title, description, payload, amount: priceOf(params), isSubscription: false };
}

/** `subscription_period` of `createInvoiceLink`: nothing or 30 days. */
export function readPeriod(params: Params): boolean {
  const seconds = params.number('subscription_period');
  if (seconds === undefined) return false;
  if (seconds !== SUBSCRIPTION_SECONDS) throw badRequest('SUBSCRIPTION_PERIOD_INVALID');
  return true;
}

function lengthOf(params: Params, name: string, most: number): string {
  const text = params.text(name) ?? '';
  const length = [...text].length;
  if (length < 1 || length > most) throw badRequest(`INVOICE_${name.toUpperCase()}_INVALID`);
  return text;
}

/** Stars take exactly one price: there is nothing to add up. */
function priceOf(params: Params): number {
  const prices = params.object('prices');
  if (!Array.isArray(prices) || prices.length !== 1) throw badRequest('STARS_INVOICE_INVALID');
  const price: unknown = prices[0];
  if (typeof price !== 'object' || price === null) throw badRequest("can't parse prices");
  const { label, amount } = { label: undefined, amount: undefined, ...price };
  if (typeof label !== 'string' || label === '') throw badRequest('PRICE_LABEL_INVALID');
  const stars = typeof amount === 'string' ? Number(amount) : amount;
  if (typeof stars !== 'number' || !Number.isInteger(stars) || stars < 1 || stars > STARS_MAX) {
    throw badRequest('STARS_AMOUNT_INVALID');
  }
  return stars;
}
