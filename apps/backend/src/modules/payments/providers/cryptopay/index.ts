/**
 * CryptoPay (Crypto Bot): coins and stablecoins, priced in a currency of a state or in USDT. Notices
 * are signed; the invoice is read back all the same.
 *
 * States at the vendor: active -> paid | expired. Limits: no idempotence, so a payment's open invoice
 * is looked for before one is made; no refunds by API (money goes back by hand, as a transfer).
 */
import { assert, isPositive, sameMoney, type Money, type Secret } from '@opora/kernel';
import { z } from 'zod';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  UnsupportedByProvider,
} from '../../errors.ts';
import type { Capabilities, PaymentProvider, ProviderPayment, TimeWindow } from '../../provider.ts';
import type { ApiDeps } from '../json-api.ts';
import { acknowledgeByStatus } from '../signed-json.ts';
import { noCharges } from '../saved-methods.ts';
import { createClient, PAGE_SIZE, type CryptopayClient } from './client.ts';
import { CURRENCIES, invoiceBody, invoiceId, readInvoice } from './map.ts';
import { signingOf, verifyNotice } from './webhook.ts';

const MAINNET = 'https://pay.crypt.bot/api/';
/** Coins of the test network are worth nothing: its invoices are test objects. */
const TESTNET_HOST = /^testnet-/;
/** Open invoices live an hour, so more pages than this of them would be a fault. */
const OPEN_PAGES_MAX = 5;
/** About 100,000 invoices; the vendor cannot filter by time, so all are read. */
const PAGES_MAX = 100;
/** So many may vanish between two pages and nothing is overlooked. */
const OVERLAP = 20;
/** How often the whole list is read when more than those vanish. */
const READINGS_MAX = 3;

const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'signature',
  capture: false,
  cancel: false,
  refunds: 'none',
  lists: true,
  savedMethods: 'none',
};

/** This vendor's slice of the configuration. */
export type CryptopaySettings = Readonly<{
  token: Secret | undefined;
  /** Undefined: the main network. */
  apiUrl: string | undefined;
}>;

/** The provider, or undefined without a token: a closed endpoint. */
export function createCryptopay(
  config: CryptopaySettings,
  deps: ApiDeps,
): PaymentProvider | undefined {
  const { token, apiUrl = MAINNET } = config;
  if (token === undefined || token.reveal() === '') return undefined;
  const client = createClient({ apiUrl, token }, deps);
  const isTest = TESTNET_HOST.test(new URL(apiUrl).hostname);
  const signing = signingOf(token);

  return {
    id: 'cryptopay',
    capabilities,
    async start(order) {
      checkSum(order.amount);
      const answer =
        (await findOpen(client, order.paymentId)) ??
        (await client.createInvoice(invoiceBody(order)));
      const { payment, checkoutUrl } = readInvoice(answer, isTest);
      const isOurs =
        payment.paymentId === order.paymentId && sameMoney(payment.amount, order.amount);
      if (!isOurs || checkoutUrl === undefined) {
        throw new ProviderProtocolError(
          `cryptopay: invoice ${payment.reference} is not the one asked for, or has no link`,
        );
      }
      return { reference: payment.reference, checkoutUrl, payment };
    },
    verify: (raw) => Promise.try(() => verifyNotice(raw, signing, isTest)),
    ...noCharges('cryptopay'),
    acknowledge: acknowledgeByStatus,
    async lookup(reference) {
      if (!invoiceId.safeParse(reference).success) {
        throw new ProviderPaymentMissing('cryptopay: the reference is no id of this vendor');
      }
      const [item, ...more] = await client.getInvoices({ invoice_ids: reference });
      if (item === undefined)
        throw new ProviderPaymentMissing(`cryptopay: no invoice ${reference}`);
      const { payment } = readInvoice(item, isTest);
      if (payment.reference === reference && more.length === 0) return payment;
      throw new ProviderProtocolError(
        `cryptopay: asked for ${reference}, got ${payment.reference}`,
      );
    },
    list: (window) => listInvoices(client, window, isTest),
    capture: () => unsupported('capture'),
    cancel: () => unsupported('cancel'),
    refund: () => unsupported('refund'),
  };
}

function unsupported(what: string): Promise<never> {
  return Promise.reject(new UnsupportedByProvider(`cryptopay: no ${what} by API`));
}

function checkSum(amount: Money): void {
  assert(isPositive(amount), 'a payment must be positive');
  if (!CURRENCIES.includes(amount.currency)) {
    throw new UnsupportedByProvider(`cryptopay: currency ${amount.currency}`, {
      facts: { currency: amount.currency },
    });
  }
}

const carrierSchema = z.object({ payload: z.string() });

/**
 * The invoice an earlier call made whose answer was lost. One that is overlooked does no harm: nobody
 * has its link, and it ends in an hour.
 */
async function findOpen(client: CryptopayClient, paymentId: string): Promise<unknown> {
  for (let page = 0; page < OPEN_PAGES_MAX; page += 1) {
    const items = await client.getInvoices({ status: 'active', ...pageQuery(page) });
    const known = items.find((item) => carrierSchema.safeParse(item).data?.payload === paymentId);
    if (known !== undefined || items.length < PAGE_SIZE) return known;
  }
  return undefined;
}

function pageQuery(page: number): Record<string, string> {
  return { offset: String(page * PAGE_SIZE), count: String(PAGE_SIZE) };
}

/** Good items are delivered before an odd one is reported: it must not hide the rest of the money. */
async function* listInvoices(
  client: CryptopayClient,
  window: TimeWindow,
  isTest: boolean,
): AsyncGenerator<ProviderPayment> {
  const met = new Set<string>();
  let odd: ProviderProtocolError | undefined;
  for await (const item of allInvoices(client)) {
    const read = tryRead(item, isTest);
    if (read instanceof ProviderProtocolError) odd ??= read;
    else if (isWithin(read.createdAt, window) && !met.has(read.reference)) {
      met.add(read.reference);
      yield read;
    }
  }
  if (odd !== undefined) throw odd;
}

/**
 * All there are, some more than once. The list is read by position while it moves: what is made
 * meanwhile pushes the rest down, what vanishes pulls it up. So a page begins before the end of the
 * last one, and when nothing of that is met again, more has vanished and all is read anew.
 */
async function* allInvoices(client: CryptopayClient): AsyncGenerator {
  let pages = 0;
  for (let readings = 0; readings < READINGS_MAX; readings += 1) {
    let last = new Set<string>();
    for (let at = 0; ; at += PAGE_SIZE - OVERLAP) {
      if ((pages += 1) > PAGES_MAX) {
        throw new ProviderProtocolError(
          `cryptopay: more than ${String(PAGES_MAX)} pages of invoices`,
        );
      }
      const items = await client.getInvoices({ offset: String(at), count: String(PAGE_SIZE) });
      yield* items;
      const ids = items.flatMap((item) => numberedSchema.safeParse(item).data?.invoice_id ?? []);
      if (at > 0 && !ids.some((id) => last.has(id))) break;
      if (items.length < PAGE_SIZE) return;
      last = new Set(ids.slice(-2 * OVERLAP));
    }
  }
  throw new ProviderProtocolError('cryptopay: the list of invoices does not keep still');
}

const numberedSchema = z.object({ invoice_id: invoiceId });

function isWithin(at: Date | undefined, { from, to }: TimeWindow): boolean {
  return at !== undefined && at >= from && at < to;
}

function tryRead(item: unknown, isTest: boolean): ProviderPayment | ProviderProtocolError {
  try {
    return readInvoice(item, isTest).payment;
  } catch (error) {
    if (error instanceof ProviderProtocolError) return error;
    throw error;
  }
}
