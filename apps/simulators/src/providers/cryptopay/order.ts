import { type Currency, currencyScale } from '@opora/kernel';
import { type CoinCode, COIN_CODES, type FiatCode, readCoin, readFiat } from './currencies.ts';
import { readDecimal, writeDecimal } from './decimal.ts';
import { refuse } from './refusal.ts';

/** The parameters of a call: every value is text, also where JSON has a number. */
export type Params = Readonly<Partial<Record<string, string>>>;

/**
 * The bill is in a coin, or in fiat and paid in one of the accepted coins. Of the coins the
 * simulated app prices in USDT only: the rest it takes, but its books do not count in them.
 */
export type Price =
  | Readonly<{ kind: 'crypto'; asset: 'USDT'; amount: string }>
  | Readonly<{ kind: 'fiat'; fiat: FiatCode; accepted: readonly CoinCode[]; amount: string }>;

/** What `createInvoice` asks for, read and checked. */
export type InvoiceOrder = Readonly<{
  price: Price;
  description: string | undefined;
  hiddenMessage: string | undefined;
  payload: string | undefined;
  button: Readonly<{ name: string; url: string }> | undefined;
  allowComments: boolean;
  allowAnonymous: boolean;
  expiresInSeconds: number | undefined;
}>;

const DESCRIPTION_MAX = 1024;
const HIDDEN_MESSAGE_MAX = 2048;
const PAYLOAD_MAX_BYTES = 4096;
const EXPIRES_MAX_SECONDS = 2_678_400;
const BUTTONS = ['viewItem', 'openChannel', 'openBot', 'callback'];

/** Throws `Refusal` with the vendor's name of the first parameter at fault. */
export function readInvoice(params: Params): InvoiceOrder {
  return {
    price: readPrice(params),
    description: readText(params, 'description', DESCRIPTION_MAX),
    hiddenMessage: readText(params, 'hidden_message', HIDDEN_MESSAGE_MAX),
    payload: readPayload(params['payload']),
    button: readButton(params['paid_btn_name'], params['paid_btn_url']),
    allowComments: params['allow_comments'] !== 'false',
    allowAnonymous: params['allow_anonymous'] !== 'false',
    expiresInSeconds: readExpiry(params['expires_in']),
  };
}

function readPrice(params: Params): Price {
  const kind = params['currency_type'] ?? 'crypto';
  if (kind !== 'crypto' && kind !== 'fiat') return refuse('CURRENCY_TYPE_INVALID');
  const amount = params['amount'] ?? '';
  if (kind === 'crypto') {
    if (params['asset'] !== 'USDT') return refuse('ASSET_INVALID');
    return { kind, asset: 'USDT', amount: readAmount(amount, 'USDT') };
  }
  const fiat = readFiat(params['fiat'] ?? '', 'FIAT_INVALID');
  const given = params['accepted_assets'];
  const accepted = given
    ?.split(',')
    .map((code) => readCoin(code.trim(), 'ACCEPTED_ASSETS_INVALID'));
  return { kind, fiat, accepted: accepted ?? COIN_CODES, amount: readAmount(amount, fiat) };
}

/** The vendor writes the sum in its own way: no more digits than needed. */
function readAmount(text: string, currency: Currency): string {
  const value = readDecimal(text);
  if (value === undefined || value === 0n) return refuse('AMOUNT_INVALID');
  const amount = writeDecimal(value);
  const digits = amount.split('.')[1]?.length ?? 0;
  return digits > currencyScale(currency) ? refuse('AMOUNT_INVALID') : amount;
}

function readText(params: Params, name: string, max: number): string | undefined {
  const text = params[name];
  if (text === undefined) return undefined;
  if (text === '' || text.length > max) refuse(`${name.toUpperCase()}_INVALID`);
  return text;
}

function readPayload(text: string | undefined): string | undefined {
  if (text !== undefined && Buffer.byteLength(text) > PAYLOAD_MAX_BYTES) refuse('PAYLOAD_TOO_LONG');
  return text;
}

function readButton(name: string | undefined, url: string | undefined): InvoiceOrder['button'] {
  if (name === undefined) return undefined;
  if (!BUTTONS.includes(name)) return refuse('PAID_BTN_NAME_INVALID');
  const protocol = url === undefined ? undefined : URL.parse(url)?.protocol;
  if (url === undefined || (protocol !== 'https:' && protocol !== 'http:')) {
    return refuse('PAID_BTN_URL_INVALID');
  }
  return { name, url };
}

function readExpiry(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > EXPIRES_MAX_SECONDS) {
    return refuse('EXPIRES_IN_INVALID');
  }
  return seconds;
}
