import type { Language } from '@opora/kernel';
import { DAY_MS } from '../cabinet.ts';
import { needKopecks, needText, readAddress, readObject, readText, readWord } from './fields.ts';
import { type Message, textOf } from '../exact-json.ts';
import { type Receipt, readReceipt } from './receipt.ts';
import { Refusal, refuse } from './refusal.ts';

/** What `Init` asks for, read and checked. Money in kopecks. */
export type PaymentOrder = Readonly<{
  orderId: string;
  amount: number;
  description: string | undefined;
  customerKey: string | undefined;
  /** The buyer's card is to be kept and charged again. */
  recurrent: boolean;
  /** Two stages: the money is held until `Confirm`. */
  holds: boolean;
  language: Language | undefined;
  notificationUrl: string | undefined;
  successUrl: string | undefined;
  failUrl: string | undefined;
  /** When the link dies, as ISO text. */
  dueAt: string | undefined;
  data: Readonly<Record<string, string>>;
  receipt: Receipt | undefined;
}>;

const ORDER_ID_MAX = 36;
const CUSTOMER_KEY_MAX = 36;
const DESCRIPTION_MAX = 140;
const DATA = { pairsMax: 20, keyMax: 20, valueMax: 100 };
const DUE_MAX_DAYS = 90;
const DATE_MAX = 40;
export const INITIATOR = 'OperationInitiatorType';
const INITIATORS = ['0', '1', '2', 'R', 'I'] as const;
/** `tg:` brings a buyer back into Telegram. */
const LINKS = /^(https?|tg):$/;

/** Throws `Refusal` naming the first wrong field. */
export function readOrder(
  message: Message,
  { at, receiptRequired }: Readonly<{ at: Date; receiptRequired: boolean }>,
): PaymentOrder {
  const amount = needKopecks(message, 'Amount');
  const customerKey = readText(message, 'CustomerKey', CUSTOMER_KEY_MAX);
  const recurrent = readWord(message, 'Recurrent', ['Y', 'N']) === 'Y';
  if (recurrent && customerKey === undefined) refuse('CustomerKey is required with Recurrent');
  return {
    orderId: needText(message, 'OrderId', ORDER_ID_MAX),
    amount,
    description: readText(message, 'Description', DESCRIPTION_MAX),
    customerKey,
    recurrent,
    holds: readWord(message, 'PayType', ['O', 'T']) === 'T',
    language: readWord(message, 'Language', ['ru', 'en']),
    notificationUrl: readAddress(message, 'NotificationURL', /^https?:$/),
    successUrl: readAddress(message, 'SuccessURL', LINKS),
    failUrl: readAddress(message, 'FailURL', LINKS),
    dueAt: readDue(message, at),
    data: readData(message),
    receipt: readReceipt(message, { totalKopecks: amount, required: receiptRequired }),
  };
}

function readDue(message: Message, at: Date): string | undefined {
  const text = readText(message, 'RedirectDueDate', DATE_MAX);
  if (text === undefined) return undefined;
  const due = new Date(text);
  const waitMs = due.getTime() - at.getTime();
  if (!(waitMs > 0 && waitMs <= DUE_MAX_DAYS * DAY_MS)) {
    return refuse(`RedirectDueDate: a moment within ${String(DUE_MAX_DAYS)} days`);
  }
  return due.toISOString();
}

function readData(message: Message): Record<string, string> {
  const pairs = Object.entries(readObject(message, 'DATA') ?? {});
  if (pairs.length > DATA.pairsMax) refuse(`DATA: ${String(DATA.pairsMax)} pairs at most`);
  const read: Record<string, string> = {};
  for (const [key, value] of pairs) {
    const text = textOf(value) ?? refuse(`DATA.${key}: a text`);
    // The vendor's own key is longer than what it allows to others.
    const isLong = key !== INITIATOR && key.length > DATA.keyMax;
    if (isLong || text.length > DATA.valueMax) refuse(`DATA.${key} is too long`);
    read[key] = text;
  }
  const initiator = read[INITIATOR];
  if (initiator !== undefined && !INITIATORS.some((each) => each === initiator)) {
    throw new Refusal('initiator');
  }
  return read;
}
