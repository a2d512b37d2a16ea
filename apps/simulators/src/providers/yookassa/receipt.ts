import { formatMajor, money } from '@opora/kernel';
import { type Fields, isFields } from '../fields.ts';
import { type Amount, readAmount, readText, readWord, toMoney } from './fields.ts';
import { Refusal, refuse } from './refusal.ts';

/** One line of a 54-FZ receipt; `amount` is the price of ONE unit. */
export type ReceiptItem = Readonly<{
  description: string;
  /** Decimal text with up to three digits. */
  quantity: string;
  amount: Amount;
  vatCode: number;
  paymentMode: string | undefined;
  paymentSubject: string | undefined;
}>;

export type Receipt = Readonly<{
  customer: Readonly<{ email: string | undefined; phone: string | undefined }>;
  items: readonly ReceiptItem[];
}>;

const ITEMS_MAX = 100;
const DESCRIPTION_MAX = 128;
const CONTACT_MAX = 256;
const VAT_CODE_MAX = 12;
const TAX_SYSTEM_MAX = 6;
const PAYMENT_MODES = [
  'full_prepayment',
  'partial_prepayment',
  'advance',
  'full_payment',
  'partial_payment',
  'credit',
  'credit_payment',
] as const;
const PAYMENT_SUBJECTS = [
  'commodity',
  'excise',
  'job',
  'service',
  'payment',
  'intellectual_activity',
  'agent_commission',
  'property_right',
  'non_operating_gain',
  'sales_tax',
  'resort_fee',
  'lottery',
  'lottery_prize',
  'gambling_bet',
  'gambling_prize',
  'composite',
  'another',
] as const;
const QUANTITY_TEXT = /^(\d{1,8})(?:\.(\d{1,3}))?$/;

/** What YooKassa says when the shop must send receipts and this one is absent or unusable. */
export const receiptMissing = (): Refusal =>
  new Refusal('invalid_request', 'Receipt is missing or illegal', 'receipt');

/** Reads a receipt of a payment, a capture or a refund; its lines must add up to `total`. */
export function readReceipt(value: unknown, total: Amount, required: boolean): Receipt | undefined {
  if (value === undefined || value === null) {
    if (required) throw receiptMissing();
    return undefined;
  }
  if (!isFields(value)) throw receiptMissing();
  readSmallNumber(value, 'tax_system_code', {
    max: TAX_SYSTEM_MAX,
    at: 'receipt.tax_system_code',
  });
  const receipt = { customer: readCustomer(value), items: readItems(value) };
  const sum = receipt.items.reduce((whole, item) => whole + lineMinor(item), 0n);
  if (sum !== toMoney(total).minor) {
    refuse('receipt.items', 'The sum of receipt items does not match the amount');
  }
  return receipt;
}

/** Price times quantity of one line, in decimal text. */
export const lineTotal = (item: ReceiptItem): Amount => ({
  value: formatMajor(money(lineMinor(item), item.amount.currency)),
  currency: item.amount.currency,
});

function lineMinor(item: ReceiptItem): bigint {
  const [, whole = '0', fraction = ''] = QUANTITY_TEXT.exec(item.quantity) ?? [];
  const thousandths = BigInt(whole + fraction.padEnd(3, '0'));
  return (toMoney(item.amount).minor * thousandths + 500n) / 1000n;
}

function readCustomer(receipt: Fields): Receipt['customer'] {
  const customer = isFields(receipt['customer']) ? receipt['customer'] : {};
  const email = readText(customer, 'email', { max: CONTACT_MAX, at: 'receipt.customer.email' });
  const phone = readText(customer, 'phone', { max: CONTACT_MAX, at: 'receipt.customer.phone' });
  if (email === undefined && phone === undefined) throw receiptMissing();
  return { email, phone };
}

function readItems(receipt: Fields): ReceiptItem[] {
  const items = receipt['items'];
  if (!Array.isArray(items) || items.length === 0 || items.length > ITEMS_MAX) {
    throw receiptMissing();
  }
  return items.map((item: unknown, index) => readItem(item, `receipt.items[${String(index)}]`));
}

function readItem(item: unknown, path: string): ReceiptItem {
  if (!isFields(item)) throw receiptMissing();
  const description = readText(item, 'description', {
    max: DESCRIPTION_MAX,
    at: `${path}.description`,
  });
  if (description === undefined) return refuse(`${path}.description`, 'Description is missing');
  const vatCode = readSmallNumber(item, 'vat_code', { max: VAT_CODE_MAX, at: `${path}.vat_code` });
  if (vatCode === undefined) return refuse(`${path}.vat_code`, 'VAT code is missing');
  return {
    description,
    quantity: readQuantity(item['quantity'], `${path}.quantity`),
    amount: readAmount(item['amount'], `${path}.amount`),
    vatCode,
    paymentMode: readWord(item, 'payment_mode', {
      words: PAYMENT_MODES,
      at: `${path}.payment_mode`,
    }),
    paymentSubject: readWord(item, 'payment_subject', {
      words: PAYMENT_SUBJECTS,
      at: `${path}.payment_subject`,
    }),
  };
}

function readQuantity(value: unknown, path: string): string {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || !QUANTITY_TEXT.test(text) || !/[1-9]/.test(text)) {
    return refuse(path, 'Quantity must be a positive number with at most three digits');
  }
  return text;
}

function readSmallNumber(
  fields: Fields,
  name: string,
  how: Readonly<{ max: number; at: string }>,
): number | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= how.max)
    return value;
  return refuse(how.at, `Must be a whole number from 1 to ${String(how.max)}`);
}
