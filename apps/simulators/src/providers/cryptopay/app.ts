import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import type { Cabinet } from '../cabinet.ts';
import { type CoinCode, COINS, rateOf, toCoin } from './currencies.ts';
import { type Decimal, divideUp, readDecimal, writeDecimal } from './decimal.ts';
import * as steps from './invoice.ts';
import type { Invoice, Paid } from './invoice.ts';
import type { InvoiceOrder, Price } from './order.ts';
import { type CheckoutUrl, presentInvoice } from './present.ts';
import { Refusal } from './refusal.ts';
import type { AppSettings } from './settings.ts';
import { signBody } from './signing.ts';

/**
 * One app at Crypto Pay. An act is one write to disk together with its notice, so a kill leaves
 * either both or none; acts the state forbids throw `Refusal` and change nothing.
 */
export interface CryptoApp {
  readonly book: Book<Invoice>;
  readonly checkoutUrl: CheckoutUrl;
  create(order: InvoiceOrder): Invoice;
  /** Throws `INVOICE_NOT_FOUND`. */
  invoice(id: string): Invoice;
  /** With no coin given, the first the bill accepts. */
  pay(id: string, coin?: CoinCode): Invoice;
  payLater(id: string, delayMs: number): Invoice;
  /** Ends an unpaid bill as its deadline, or its owner, does: nobody is told. */
  end(id: string, how: 'expired' | 'deleted'): Invoice;
  /** Sends any body, once, with a signature of nobody's. */
  forge(body: string): void;
  /** Does what time brings: late buyers pay, deadlines pass. */
  passTime(): void;
}

/** What the acts below share. */
type Desk = Readonly<{
  world: World;
  cabinet: Cabinet<AppSettings>;
  book: Book<Invoice>;
  checkoutUrl: CheckoutUrl;
}>;

/** The vendor documents `update_id` as not unique, so the simulated ones soon repeat. */
const UPDATE_IDS = 3;
const HASH_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const HASH_LENGTH = 10;
const BPS = 10_000n;

export function openApp(world: World, cabinet: Cabinet<AppSettings>): CryptoApp {
  const desk: Desk = {
    world,
    cabinet,
    checkoutUrl: (id) => `${world.selfUrl}/cryptopay/checkout/${id}`,
    book: openBook(world.store, 'cryptopay.invoices', {
      groupOf: (invoice: Invoice) => invoice.payload,
      isOpen: (invoice) => invoice.status === 'active',
    }),
  };
  const act = (id: string, change: (invoice: Invoice) => Invoice): Invoice =>
    world.store.together(() => save(desk, change(find(desk, id))));
  const pay = (id: string, coin?: CoinCode): Invoice =>
    act(id, (invoice) => steps.paidWith(invoice, paymentOf(desk, invoice, coin)));

  return {
    book: desk.book,
    checkoutUrl: desk.checkoutUrl,
    create: (order) => world.store.together(() => save(desk, start(desk, order))),
    invoice: (id) => find(desk, id),
    pay,
    payLater: (id, delayMs) =>
      act(id, (invoice) => steps.promised(invoice, world.clock.now(), delayMs)),
    end: (id, how) => act(id, (invoice) => steps.ended(invoice, how)),
    forge: (body) => {
      send(desk, body, { key: 'nobody', repeatsMs: [] });
    },
    passTime() {
      const at = world.clock.now().toISOString();
      for (const { id, payAt, deadlineAt } of desk.book.open()) {
        if (payAt !== undefined && payAt <= at) pay(id);
        else if (deadlineAt !== undefined && deadlineAt <= at) {
          act(id, (invoice) => steps.ended(invoice, 'expired'));
        }
      }
    },
  };
}

function find({ book }: Desk, id: string): Invoice {
  const invoice = book.find(id);
  if (invoice === undefined) throw new Refusal(400, 'INVOICE_NOT_FOUND');
  return invoice;
}

function start({ world }: Desk, order: InvoiceOrder): Invoice {
  const letters = Array.from(
    { length: HASH_LENGTH },
    () => HASH_LETTERS[Math.floor(world.chance() * HASH_LETTERS.length)] ?? '',
  );
  const id = String(world.store.sequence('cryptopay.invoice'));
  return steps.opened(order, { id, hash: `IV${letters.join('')}`, at: world.clock.now() });
}

/** Of all that happens to a bill only its payment is told. */
function save(desk: Desk, invoice: Invoice): Invoice {
  desk.book.save(invoice);
  if (invoice.status === 'paid') notify(desk, invoice);
  return invoice;
}

function notify(desk: Desk, invoice: Invoice): void {
  const { world, checkoutUrl } = desk;
  const body = JSON.stringify({
    update_id: 1 + (world.store.sequence('cryptopay.update') % UPDATE_IDS),
    update_type: 'invoice_paid',
    request_date: world.clock.now().toISOString(),
    payload: presentInvoice(invoice, checkoutUrl),
  });
  const { token } = world.config.payments.cryptopay;
  send(desk, body, { key: token, repeatsMs: desk.cabinet.settings().repeatsMs, about: invoice.id });
}

function send(
  { world, cabinet }: Desk,
  body: string,
  how: Readonly<{ key: string; repeatsMs: readonly number[]; about?: string }>,
): void {
  const { key, repeatsMs, about } = how;
  const headers = {
    'content-type': 'application/json',
    'crypto-pay-api-signature': signBody(body, key),
  };
  const url = cabinet.settings().notificationUrl;
  const target = 'cryptopay';
  world.deliveries.send({ target, about, url, headers, body, repeatsMs, accepts: '2xx' });
}

function paymentOf({ world, cabinet }: Desk, { price }: Invoice, wish?: CoinCode): Paid {
  const accepted = acceptedIn(price);
  const asset = wish ?? accepted[0] ?? 'USDT';
  if (!accepted.includes(asset)) throw new Refusal(400, 'ASSET_NOT_ACCEPTED');
  const amount = coinsFor(price, asset);
  return {
    at: world.clock.now().toISOString(),
    asset,
    amount: writeDecimal(amount),
    fee: writeDecimal(feeOf(amount, asset, cabinet.settings().feeBps)),
    fiatRate: price.kind === 'fiat' ? writeDecimal(rateOf(asset, price.fiat)) : undefined,
    usdRate: writeDecimal(rateOf(asset, 'USD')),
  };
}

/** The coins a buyer may choose from. */
export const acceptedIn = (price: Price): readonly CoinCode[] =>
  price.kind === 'crypto' ? [price.asset] : price.accepted;

/** What a bill costs in a coin. */
export function coinsFor(price: Price, asset: CoinCode): Decimal {
  const bill = readDecimal(price.amount) ?? 0n;
  return price.kind === 'crypto' ? bill : toCoin(bill, price.fiat, asset);
}

function feeOf(amount: Decimal, asset: CoinCode, feeBps: number): Decimal {
  const one = readDecimal('1') ?? 1n;
  return divideUp((amount * BigInt(feeBps)) / BPS, one, COINS[asset].decimals);
}
