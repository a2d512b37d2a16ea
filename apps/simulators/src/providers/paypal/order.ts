import { type Fields, isFields } from '../fields.ts';
import { refuse } from './refusal.ts';
import { readSum, type Sum } from './sum.ts';

/** What `POST /v2/checkout/orders` asks for, read and checked. */
export type OrderRequest = Readonly<{
  sum: Sum;
  referenceId: string;
  customId: string | undefined;
  invoiceId: string | undefined;
  description: string | undefined;
  /** The wallet is named: the payer is led by `payer-action`, else by `approve`. */
  namesWallet: boolean;
  returnUrl: string | undefined;
  cancelUrl: string | undefined;
  brand: string | undefined;
  locale: string | undefined;
  /** The payer agrees that the merchant charges them again without them. */
  savesMethod: boolean;
  /** A saved wallet to charge now. */
  vaultId: string | undefined;
}>;

/** What the payer's wallet will do when we capture; they choose it when they approve. */
export const FUNDING = ['good', 'review', 'declined'] as const;
export type Funding = (typeof FUNDING)[number];

/** `CREATED` | `PAYER_ACTION_REQUIRED` -> `APPROVED` -> `COMPLETED`. Money is told by captures. */
export type Order = Readonly<
  OrderRequest & {
    id: string;
    createdAt: string;
    status: 'CREATED' | 'PAYER_ACTION_REQUIRED' | 'APPROVED' | 'COMPLETED' | 'VOIDED';
    /** After that the vendor has forgotten it: 404. Absent once it is completed. */
    deadlineAt?: string | undefined;
    /** A payer who promised to come back. */
    payAt?: string | undefined;
    funding: Funding;
    captureId?: string | undefined;
    savedAs?: string | undefined;
  }
>;

const TEXT_MAX = 127;
const CUSTOM_ID_MAX = 255;
const ADDRESS_MAX = 2_000;
/** `tg:` brings a buyer back into Telegram; `javascript:` and the like must never reach a link. */
const PROTOCOLS = ['http:', 'https:', 'tg:'];

/** Throws `Refusal` naming the first wrong field. */
export function readOrder(body: Fields): OrderRequest {
  if (body['intent'] !== 'CAPTURE') refuse('/intent', 'INVALID_PARAMETER_VALUE');
  const units = body['purchase_units'];
  const unit: unknown = Array.isArray(units) && units.length === 1 ? units[0] : undefined;
  if (!isFields(unit)) return refuse('/purchase_units', 'INVALID_ARRAY_LENGTH');
  const at = '/purchase_units/0';
  return {
    sum: readSum(unit['amount'], `${at}/amount`),
    referenceId: readText(unit, 'reference_id', { at }) ?? 'default',
    customId: readText(unit, 'custom_id', { at, max: CUSTOM_ID_MAX }),
    invoiceId: readText(unit, 'invoice_id', { at }),
    description: readText(unit, 'description', { at }),
    ...readWallet(body['payment_source']),
  };
}

type Wallet = Omit<OrderRequest, 'sum' | 'referenceId' | 'customId' | 'invoiceId' | 'description'>;

function readWallet(source: unknown): Wallet {
  const wallet = isFields(source) ? source['paypal'] : undefined;
  if (source !== undefined && !isFields(wallet)) {
    return refuse('/payment_source', 'INVALID_PARAMETER_VALUE');
  }
  const given = isFields(wallet) ? wallet : {};
  const shown = isFields(given['experience_context']) ? given['experience_context'] : {};
  const at = '/payment_source/paypal';
  return {
    namesWallet: isFields(wallet),
    returnUrl: readAddress(shown, 'return_url', `${at}/experience_context`),
    cancelUrl: readAddress(shown, 'cancel_url', `${at}/experience_context`),
    brand: readText(shown, 'brand_name', { at: `${at}/experience_context` }),
    locale: readText(shown, 'locale', { at: `${at}/experience_context` }),
    savesMethod: readsVault(given, at),
    vaultId: readText(given, 'vault_id', { at, max: CUSTOM_ID_MAX }),
  };
}

function readsVault(wallet: Fields, at: string): boolean {
  const attributes = wallet['attributes'];
  const vault = isFields(attributes) ? attributes['vault'] : undefined;
  if (vault === undefined) return false;
  const field = `${at}/attributes/vault`;
  if (!isFields(vault) || vault['store_in_vault'] !== 'ON_SUCCESS') {
    return refuse(`${field}/store_in_vault`, 'INVALID_PARAMETER_VALUE');
  }
  if (vault['usage_type'] !== 'MERCHANT') {
    return refuse(`${field}/usage_type`, 'INVALID_PARAMETER_VALUE');
  }
  return true;
}

export function readText(
  fields: Fields,
  name: string,
  { at, max = TEXT_MAX }: Readonly<{ at: string; max?: number }>,
): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length === 0 || value.length > max) {
    return refuse(`${at}/${name}`, 'INVALID_STRING_LENGTH');
  }
  return value;
}

function readAddress(fields: Fields, name: string, at: string): string | undefined {
  const text = readText(fields, name, { at, max: ADDRESS_MAX });
  if (text === undefined) return undefined;
  const address = URL.parse(text);
  if (address === null || !PROTOCOLS.includes(address.protocol)) {
    return refuse(`${at}/${name}`, 'INVALID_PARAMETER_SYNTAX');
  }
  return text;
}
