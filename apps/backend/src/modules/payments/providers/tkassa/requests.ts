/** Our orders in the vendor's words: what `Init` and `Cancel` are sent. */
import { assert, type Money } from '@opora/kernel';
import { UnsupportedByProvider } from '../../errors.ts';
import type { PaymentOrder, Receipt, RefundRequest } from '../../provider.ts';
import { keepFields, orderIdOf } from './saved.ts';
import type { Fields } from './token.ts';

/** Longest description of a payment and name of a receipt's line, in characters. */
const DESCRIPTION_MAX = 140;
const NAME_MAX = 128;
/** Quantities have three digits after the point at most. */
const QUANTITY_SCALE = 1_000;

export type FfdVersion = '1.05' | '1.2';

/** The tax authority's codes, as the port has them, in the bank's words. */
const TAXES: ReadonlyMap<number, string> = new Map(
  'none vat0 vat10 vat20 vat110 vat120 vat5 vat7 vat105 vat107 vat22 vat122'
    .split(' ')
    .map((tax, at) => [at + 1, tax]),
);
const TAXATIONS: ReadonlyMap<number, string> = new Map([
  [1, 'osn'],
  [2, 'usn_income'],
  [3, 'usn_income_outcome'],
  [5, 'esn'],
  [6, 'patent'],
]);

export function startFields(order: PaymentOrder, ffd: FfdVersion): Fields {
  return {
    Amount: kopecks(order.amount),
    OrderId: orderIdOf(order),
    Description: fit(order.description, DESCRIPTION_MAX),
    // One stage takes the money at once, two hold it; this beats the terminal's setting.
    PayType: order.captureAtOnce ? 'O' : 'T',
    Language: order.language,
    SuccessURL: order.returnUrl,
    FailURL: order.returnUrl,
    ...keepFields(order),
    ...receiptField(order.receipt, ffd),
  };
}

export function refundFields(request: RefundRequest, ffd: FfdVersion): Fields {
  return {
    PaymentId: request.reference,
    Amount: kopecks(request.amount),
    // With it a repeated request answers how the payment stands and gives nothing back twice.
    ExternalRequestId: request.refundId,
    ...receiptField(request.receipt, ffd),
  };
}

/** Whole kopecks; far below what a number of JSON holds exactly. */
export function kopecks({ minor }: Money): number {
  assert(minor <= BigInt(Number.MAX_SAFE_INTEGER), 'a sum beyond a number of JSON');
  return Number(minor);
}

function receiptField(receipt: Receipt | undefined, ffd: FfdVersion): Fields {
  if (receipt === undefined) return {};
  const { email, phone } = receipt.customer;
  return {
    Receipt: {
      ...(ffd === '1.2' ? { FfdVersion: ffd } : {}),
      ...(email === undefined ? {} : { Email: email }),
      ...(phone === undefined ? {} : { Phone: phone }),
      Taxation: word(TAXATIONS, receipt.taxSystemCode, 'tax system'),
      Items: receipt.items.map((item) => ({
        Name: fit(item.description, NAME_MAX),
        Price: kopecks(item.amount),
        Quantity: item.quantity,
        Amount: kopecks(lineTotal(item)),
        Tax: word(TAXES, item.vatCode, 'VAT code'),
        PaymentMethod: item.paymentMode,
        PaymentObject: item.paymentSubject,
        ...(ffd === '1.2' ? { MeasurementUnit: 'шт' } : {}),
      })),
    },
  };
}

/** The bank refuses a receipt whose lines do not add up to the sum, so nothing is rounded away. */
function lineTotal(item: Receipt['items'][number]): Money {
  const thousandths = BigInt(Math.round(item.quantity * QUANTITY_SCALE));
  return { ...item.amount, minor: (item.amount.minor * thousandths) / BigInt(QUANTITY_SCALE) };
}

function word(words: ReadonlyMap<number, string>, code: number | undefined, what: string): string {
  const found = code === undefined ? undefined : words.get(code);
  if (found !== undefined) return found;
  throw new UnsupportedByProvider(`tkassa: a receipt needs a ${what}, not ${String(code)}`);
}

/** Cut to what the vendor takes, never through the middle of a character outside the BMP. */
function fit(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}
