import { type Fields, isFields } from '../fields.ts';
import { type Amount, readAmount, readFlag, readText } from './fields.ts';
import { type Receipt, readReceipt } from './receipt.ts';
import { refuse } from './refusal.ts';

/** Ways to pay the simulated shop's contract allows. */
export const METHOD_TYPES = ['bank_card', 'sbp', 'yoo_money', 'sberbank', 'tinkoff_bank'] as const;
export type MethodType = (typeof METHOD_TYPES)[number];

/** What `POST /payments` asks for, read and checked. */
export type PaymentOrder = Readonly<{
  amount: Amount;
  /** One-stage payment: taken at once. Otherwise the money is held until it is captured. */
  capture: boolean;
  /** Where the buyer is sent back to; absent for a charge of a saved method. */
  returnUrl: string | undefined;
  language: 'ru' | 'en' | undefined;
  description: string | undefined;
  metadata: Readonly<Record<string, string>>;
  methodType: MethodType | undefined;
  savesMethod: boolean;
  savedMethodId: string | undefined;
  merchantCustomerId: string | undefined;
  receipt: Receipt | undefined;
}>;

const DESCRIPTION_MAX = 128;
const CUSTOMER_ID_MAX = 200;
const RETURN_URL_MAX = 2048;
const METHOD_ID_MAX = 64;
const METADATA = { keysMax: 16, keyMax: 32, valueMax: 512 };
/** `tg:` brings a buyer back into Telegram; `javascript:` and the like must never reach a link. */
const RETURN_PROTOCOLS = ['http:', 'https:', 'tg:'];

/** Reads the body of `POST /payments`; throws `Refusal` naming the first wrong parameter. */
export function readOrder(body: Fields, receiptRequired: boolean): PaymentOrder {
  const amount = readAmount(body['amount'], 'amount');
  const savedMethodId = readText(body, 'payment_method_id', { max: METHOD_ID_MAX });
  const methodType = readMethodType(body['payment_method_data']);
  if (savedMethodId !== undefined && methodType !== undefined) {
    refuse('payment_method_id', 'Use either payment_method_id or payment_method_data');
  }
  return {
    amount,
    capture: readFlag(body, 'capture'),
    ...readConfirmation(body['confirmation'], savedMethodId === undefined),
    description: readText(body, 'description', { max: DESCRIPTION_MAX }),
    metadata: readMetadata(body['metadata']),
    methodType,
    savesMethod: readFlag(body, 'save_payment_method'),
    savedMethodId,
    merchantCustomerId: readText(body, 'merchant_customer_id', { max: CUSTOMER_ID_MAX }),
    receipt: readReceipt(body['receipt'], amount, receiptRequired),
  };
}

function readMethodType(data: unknown): MethodType | undefined {
  if (data === undefined || data === null) return undefined;
  const type = isFields(data) ? data['type'] : undefined;
  const known = METHOD_TYPES.find((each) => each === type);
  return known ?? refuse('payment_method_data.type', 'Unknown or unavailable payment method');
}

function readConfirmation(
  value: unknown,
  required: boolean,
): Pick<PaymentOrder, 'returnUrl' | 'language'> {
  if (value === undefined || value === null) {
    if (required) refuse('confirmation', 'Confirmation is missing');
    return { returnUrl: undefined, language: undefined };
  }
  if (!isFields(value) || value['type'] !== 'redirect') {
    return refuse('confirmation.type', 'The simulated shop confirms by redirect only');
  }
  const url = readText(value, 'return_url', {
    max: RETURN_URL_MAX,
    at: 'confirmation.return_url',
  });
  const parsed = url === undefined ? null : URL.parse(url);
  if (parsed === null || !RETURN_PROTOCOLS.includes(parsed.protocol)) {
    return refuse('confirmation.return_url', 'return_url must be an absolute address');
  }
  const locale = value['locale'];
  const language = locale === 'en_US' ? 'en' : locale === 'ru_RU' ? 'ru' : undefined;
  return { returnUrl: url, language };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isFields(value)) return refuse('metadata', 'Metadata must be an object');
  const entries = Object.entries(value);
  if (entries.length > METADATA.keysMax) {
    refuse('metadata', `At most ${String(METADATA.keysMax)} keys are allowed`);
  }
  const read: Record<string, string> = {};
  for (const [key, text] of entries) {
    if (key.length > METADATA.keyMax) refuse('metadata', 'A key is too long');
    if (typeof text !== 'string' || text.length > METADATA.valueMax) {
      return refuse(`metadata.${key}`, 'Values are strings of at most 512 characters');
    }
    read[key] = text;
  }
  return read;
}
