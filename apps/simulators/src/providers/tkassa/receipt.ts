import { type Fields, isFields } from '../fields.ts';
import { needKopecks, needText, readNumber, readObject, readText, readWord } from './fields.ts';
import { Refusal } from './refusal.ts';

/** One line of a 54-FZ receipt, money in kopecks; `amount` is price times quantity. */
export type ReceiptItem = Readonly<{
  name: string;
  price: number;
  quantity: number;
  amount: number;
  tax: string;
}>;
export type Receipt = Readonly<{
  email: string | undefined;
  phone: string | undefined;
  taxation: string;
  ffd: '1.05' | '1.2';
  items: readonly ReceiptItem[];
}>;

const ITEMS_MAX = 100;
const NAME_MAX = 128;
const CONTACT_MAX = 64;
const TAXATIONS = ['osn', 'usn_income', 'usn_income_outcome', 'esn', 'patent'] as const;
const TAXES = [
  ...['none', 'vat0', 'vat5', 'vat7', 'vat10', 'vat20', 'vat22'],
  ...['vat105', 'vat107', 'vat110', 'vat120', 'vat122'],
];
const FFD = ['1.05', '1.2'] as const;
/** Asked of every line by FFD 1.2. */
const OF_FFD_12 = ['MeasurementUnit', 'PaymentMethod', 'PaymentObject'];
const WORD_MAX = 64;

const wrong = (details: string): never => {
  throw new Refusal('receipt', details);
};

/** Reads the receipt of a call; its lines must add up to `totalKopecks`. */
export function readReceipt(
  message: Fields,
  { totalKopecks, required }: Readonly<{ totalKopecks: number; required: boolean }>,
): Receipt | undefined {
  const fields = readObject(message, 'Receipt');
  if (fields === undefined) return required ? wrong('Receipt is missing') : undefined;
  const ffd = readWord(fields, 'FfdVersion', FFD) ?? '1.05';
  const [email, phone] = [
    readText(fields, 'Email', CONTACT_MAX),
    readText(fields, 'Phone', CONTACT_MAX),
  ];
  if (email === undefined && phone === undefined) return wrong('Email or Phone is missing');
  const taxation = readWord(fields, 'Taxation', TAXATIONS) ?? wrong('Taxation is missing');
  const items = readItems(fields['Items'], ffd);
  const sum = items.reduce((whole, { amount }) => whole + amount, 0);
  if (sum !== totalKopecks) wrong(`Items add up to ${String(sum)}, not ${String(totalKopecks)}`);
  return { email, phone, taxation, ffd, items };
}

function readItems(value: unknown, ffd: Receipt['ffd']): ReceiptItem[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > ITEMS_MAX) {
    return wrong(`Items: 1 to ${String(ITEMS_MAX)} lines`);
  }
  return value.map((item: unknown) =>
    isFields(item) ? readItem(item, ffd) : wrong('Items: objects'),
  );
}

function readItem(item: Fields, ffd: Receipt['ffd']): ReceiptItem {
  const price = needKopecks(item, 'Price');
  const amount = needKopecks(item, 'Amount');
  const quantity = readNumber(item, 'Quantity') ?? wrong('Quantity is missing');
  if (Math.round(price * quantity) !== amount) wrong('Amount is not Price times Quantity');
  if (ffd === '1.2') for (const name of OF_FFD_12) needText(item, name, WORD_MAX);
  const tax = readWord(item, 'Tax', TAXES) ?? wrong('Tax is missing');
  return { name: needText(item, 'Name', NAME_MAX), price, quantity, amount, tax };
}
