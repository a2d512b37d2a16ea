/**
 * Telegram Stars: invoices of our own bot, paid inside Telegram. Money arrives as an update of the
 * bot (`successful_payment`), which hands it to `payments.accept`; Telegram's own book of Stars is
 * read back all the same.
 *
 * A buyer who agrees to renewals gets a subscription that Telegram charges every 30 days by itself: each
 * charge is a transaction of its own with the payload of the first one.
 *
 * States: asked for (a link, no object at Telegram) -> charged -> given back. Limits: whole stars, a
 * refund takes the whole charge, a link can be paid more than once (the bot refuses the second try
 * at the pre-checkout; one that happens all the same is another charge, and is quarantined).
 */
import {
  assert,
  isPositive,
  money,
  sameMoney,
  type Clock,
  type Currency,
  type Money,
  type Secret,
} from '@opora/kernel';
import type { Breaker } from '../../../../platform/breaker/port.ts';
import type { TelegramApi } from '../../../../platform/telegram/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  UnsupportedByProvider,
} from '../../errors.ts';
import type {
  Capabilities,
  PaymentProvider,
  ProviderPayment,
  RefundOutcome,
  RefundRequest,
  TimeWindow,
} from '../../provider.ts';
import { readAs, webLink } from '../json-api.ts';
import { acknowledgeByStatus } from '../signed-json.ts';
import { noCharges } from '../saved-methods.ts';
import { createBook, type Book } from './book.ts';
import { createClient, type StarsClient } from './client.ts';
import { chargeId, invoiceBody, payload, PERIOD_DAYS, readCharge, subscriptionOf } from './map.ts';
import { SECRET_HEADER, verifyNotice } from './webhook.ts';

const CURRENCIES: readonly Currency[] = ['XTR'];
const ALREADY_REFUNDED = /CHARGE_ALREADY_REFUNDED/;

const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'signature',
  capture: false,
  cancel: false,
  refunds: 'full',
  lists: true,
  savedMethods: 'provider',
  chargesEveryDays: PERIOD_DAYS,
};

/** The bot's own slice of the configuration, as far as the adapter reads it. */
export type StarsSettings = Readonly<{
  /** What Telegram sends with each update; undefined: the endpoint is closed. */
  webhookSecret: Secret | undefined;
}>;

/** The provider, or undefined without a bot or without its secret: a closed endpoint. */
export function createStars(
  config: StarsSettings,
  deps: Readonly<{
    telegram: TelegramApi | undefined;
    breaker: Pick<Breaker, 'run'>;
    clock: Clock;
  }>,
): PaymentProvider | undefined {
  const { webhookSecret } = config;
  if (deps.telegram === undefined || webhookSecret === undefined) return undefined;
  if (webhookSecret.reveal() === '') return undefined;
  const client = createClient(deps.telegram, deps.breaker);
  const book = createBook(client);

  return {
    id: 'stars',
    capabilities,
    secretHeaders: [SECRET_HEADER],
    async start(order) {
      checkSum(order.amount);
      const link = await client.createInvoiceLink(invoiceBody(order));
      return {
        // Telegram names a charge only when there is one.
        reference: undefined,
        checkoutUrl: readAs(webLink, link, 'link of stars'),
        payment: {
          reference: order.paymentId,
          state: 'pending',
          amount: order.amount,
          refunded: money(0n, 'XTR'),
          paymentId: order.paymentId,
          reason: undefined,
          createdAt: deps.clock.now(),
          isTest: false,
        },
      };
    },
    verify: (raw) => Promise.try(() => verifyNotice(raw, webhookSecret)),
    ...noCharges('stars'),
    acknowledge: acknowledgeByStatus,
    lookup: (reference) => lookUp(book, reference),
    list: (window) => listCharges(book, window),
    capture: () => unsupported('capture'),
    cancel: () => unsupported('cancel'),
    refund: (request) => refundCharge({ book, client }, request),
    isPayer: (method, payer) => String(subscriptionOf(method).user_id) === payer,
    // Said again it changes nothing. Anything but a yes is tried again: Telegram would go on charging.
    async removeMethod(method) {
      const body = { ...subscriptionOf(method), is_canceled: true };
      if ((await client.editUserStarSubscription(body)) === true) return;
      throw new ProviderProtocolError('stars: a subscription that is neither ended nor refused');
    },
  };
}

function unsupported(what: string): Promise<never> {
  return Promise.reject(new UnsupportedByProvider(`stars: no ${what} by API`));
}

function checkSum(amount: Money): void {
  assert(isPositive(amount), 'a payment or refund must be positive');
  if (!CURRENCIES.includes(amount.currency)) {
    throw new UnsupportedByProvider(`stars: currency ${amount.currency}`, {
      facts: { currency: amount.currency },
    });
  }
}

/** By charge, or by our payment's id while the payment has no charge we know of. */
async function lookUp(book: Book, reference: string): Promise<ProviderPayment> {
  const isOurId = payload.safeParse(reference).success;
  if (!isOurId && !chargeId.safeParse(reference).success) {
    throw new ProviderPaymentMissing('stars: the reference is no charge');
  }
  const charge = await (isOurId ? book.findPaid(reference) : book.find(reference));
  if (charge === undefined) throw new ProviderPaymentMissing(`stars: no charge ${reference}`);
  return readCharge(charge);
}

async function* listCharges(book: Book, window: TimeWindow): AsyncGenerator<ProviderPayment> {
  for await (const charge of book.list(window)) yield readCharge(charge);
}

async function refundCharge(
  { book, client }: { book: Book; client: StarsClient },
  { reference, amount }: RefundRequest,
): Promise<RefundOutcome> {
  checkSum(amount);
  const charge = await book.find(reference);
  if (charge === undefined) throw new ProviderPaymentMissing(`stars: no charge ${reference}`);
  const done: RefundOutcome = { state: 'refunded', reference, reason: undefined };
  const payer = charge.sale.source?.user;
  if (payer === undefined || !sameMoney(readCharge(charge).amount, amount)) {
    throw new ProviderRefused('stars: only a whole charge of a known payer is given back');
  }
  // An earlier request whose answer was lost has done it.
  if (charge.back !== undefined) return done;
  try {
    const body = { user_id: payer.id, telegram_payment_charge_id: reference };
    if ((await client.refundStarPayment(body)) === true) return done;
    throw new ProviderProtocolError('stars: a refund that is neither done nor refused');
  } catch (error) {
    const said = error instanceof ProviderRefused ? error.facts['vendorCode'] : undefined;
    if (typeof said === 'string' && ALREADY_REFUNDED.test(said)) return done;
    throw error;
  }
}
