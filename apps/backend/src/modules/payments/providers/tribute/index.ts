/**
 * Tribute: cards, SBP and wallets through orders of a Tribute shop. Notices are signed; the order is
 * read back all the same.
 *
 * States at the vendor: pending -> (prepaid) -> paid | failed; a refund is told by the transactions
 * of the order. Limits: no idempotence, so an order of the same payment is looked for before one is
 * made; a refund takes the whole sale; recurring orders are sold only when it is known how to end them; sales that start in Tribute itself are notices, not payments.
 */
import {
  assert,
  isPositive,
  money,
  sameMoney,
  type Clock,
  type Money,
  type Secret,
} from '@opora/kernel';
import {
  PaymentElsewhere,
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  UnsupportedByProvider,
} from '../../errors.ts';
import type {
  Capabilities,
  PaymentOrder,
  PaymentProvider,
  ProviderPayment,
  TimeWindow,
} from '../../provider.ts';
import type { ApiDeps } from '../json-api.ts';
import { acknowledgeByStatus, type Signing } from '../signed-json.ts';
import { noCharges } from '../saved-methods.ts';
import { createClient, type TributeClient } from './client.ts';
import {
  CURRENCIES,
  isEnded,
  orderBody,
  orderUuid,
  readOrder,
  readOrders,
  readRefund,
  readSales,
  readStarted,
  withSales,
  type Sale,
} from './map.ts';
import { ELSEWHERE, verifyNotice } from './webhook.ts';

const API_URL = 'https://tribute.tg/api/v1/';
/** A lost start is repeated for less than a day. */
const LOOKED_BACK_MS = 24 * 3_600_000;

/** What a second request is answered while the first one is being carried out, and after it. */
const UNDER_WAY = /already refunded/i;

const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'signature',
  capture: false,
  cancel: false,
  refunds: 'full',
  lists: true,
  savedMethods: 'none',
};
/** A month has 31 days at most, and a charge that fails is tried three times, a day apart. */
const renewing = { savedMethods: 'provider', chargesEveryDays: 30, chargesLateDays: 5 } as const;

/** This vendor's slice of the configuration. */
export type TributeSettings = Readonly<{
  apiKey: Secret | undefined;
  /** Undefined: the vendor's own. */
  apiUrl: string | undefined;
  /** The documents do not say how the signature is written; every integration seen says hex. */
  signatureEncoding: Signing['encoding'];
  /** Where a recurring order is ended, `{uuid}` in it; undefined: none is sold. */
  cancelPath?: string | undefined;
}>;

/** The provider, or undefined without an API key: a closed endpoint. */
export function createTribute(config: TributeSettings, deps: ApiDeps): PaymentProvider | undefined {
  const { apiKey, apiUrl = API_URL, signatureEncoding, cancelPath } = config;
  if (apiKey === undefined || apiKey.reveal() === '') return undefined;
  const client = createClient({ apiUrl, apiKey }, deps);
  const key = Buffer.from(apiKey.reveal());
  const signing = { header: 'trbt-signature', key, encoding: signatureEncoding };

  return {
    id: 'tribute',
    capabilities: cancelPath === undefined ? capabilities : { ...capabilities, ...renewing },
    async start(order) {
      checkSum(order.amount);
      const answer =
        (await findPending(client, order, deps.clock)) ??
        (await client.post('shop/orders', orderBody(order)));
      const started = readStarted(answer, order);
      return { ...started, payment: pendingPayment(started.reference, order, deps.clock) };
    },
    ...(cancelPath === undefined
      ? {}
      : { removeMethod: (method) => endOrder(client, { uuid: method.reveal(), cancelPath }) }),
    verify: (raw) => Promise.try(() => verifyNotice(raw, signing)),
    ...noCharges('tribute'),
    acknowledge: acknowledgeByStatus,
    lookup: (reference) => lookUp(client, reference),
    list: (window) => listOrders(client, window),
    capture: () => unsupported('capture'),
    cancel: () => unsupported('cancel'),
    async refund({ reference, amount }) {
      checkSum(amount);
      const { payment, sale } = await readWhole(client, reference);
      if (sale === undefined || !sameMoney(payment.amount, amount)) {
        throw new ProviderRefused('tribute: only a whole sale is given back');
      }
      // An earlier request whose answer was lost has done it.
      if (sale.isRefunded) return { state: 'refunded', reference: sale.id, reason: undefined };
      const path = `${orderPath(namesOf(reference).uuid)}/transactions/${sale.id}/refund`;
      try {
        return readRefund(await client.post(path), sale);
      } catch (error) {
        // An earlier request is being carried out there: what came of it is seen later.
        if (!(error instanceof ProviderRefused) || !UNDER_WAY.test(error.message)) throw error;
        return { state: 'pending', reference: sale.id, reason: undefined };
      }
    },
  };
}

/** Ended before, by anybody: nothing is asked. A refusal is tried again: Tribute would go on charging. */
async function endOrder(
  client: TributeClient,
  { uuid, cancelPath }: { uuid: string; cancelPath: string },
): Promise<void> {
  if (isEnded(await client.get(orderPath(uuid)))) return;
  await client.post(cancelPath.replace('{uuid}', uuid));
}

function unsupported(what: string): Promise<never> {
  return Promise.reject(new UnsupportedByProvider(`tribute: no ${what} by API`));
}

function orderPath(reference: string): string {
  if (orderUuid.safeParse(reference).success) return `shop/orders/${reference}`;
  throw new ProviderPaymentMissing('tribute: the reference is no order of a shop');
}

function checkSum(amount: Money): void {
  assert(isPositive(amount), 'a payment or refund must be positive');
  if (!CURRENCIES.includes(amount.currency)) {
    throw new UnsupportedByProvider(`tribute: currency ${amount.currency}`, {
      facts: { currency: amount.currency },
    });
  }
}

/** The answer to a creation is an id and a link: the rest is what was asked for. */
function pendingPayment(reference: string, order: PaymentOrder, clock: Clock): ProviderPayment {
  return {
    reference,
    state: 'pending',
    amount: order.amount,
    refunded: money(0n, order.amount.currency),
    paymentId: order.paymentId,
    reason: undefined,
    createdAt: clock.now(),
    isTest: false,
  };
}

async function lookUp(client: TributeClient, reference: string): Promise<ProviderPayment> {
  if (reference.startsWith(ELSEWHERE)) {
    throw new PaymentElsewhere('tribute: sold in Tribute itself, by no order of a shop');
  }
  const { payment } = await readWhole(client, reference);
  return payment;
}

/** A further sale of an order is named by both their numbers: `<uuid>.<sale>`. */
function namesOf(reference: string): Readonly<{ uuid: string; saleId: string | undefined }> {
  const [uuid = '', saleId] = reference.split('.', 2);
  return { uuid, saleId };
}

/** A payment and the sale that brought it; undefined while there is none. */
async function readWhole(
  client: TributeClient,
  reference: string,
): Promise<Readonly<{ payment: ProviderPayment; sale: Sale | undefined }>> {
  const { uuid, saleId } = namesOf(reference);
  const order = readOrder(await client.get(orderPath(uuid)));
  if (order.reference !== uuid) {
    throw new ProviderProtocolError(`tribute: asked for ${uuid}, got ${order.reference}`);
  }
  const sales = order.state === 'settled' ? await salesOf(client, uuid) : [];
  const payment = withSales(order, sales);
  if (saleId === undefined) return { payment, sale: sales[0] };
  const second = payment.again?.find((one) => one.reference === reference);
  if (second === undefined) throw new ProviderPaymentMissing('tribute: the order has no such sale');
  return { payment: second, sale: sales.find(({ id }) => id === saleId) };
}

async function salesOf(client: TributeClient, uuid: string): Promise<readonly Sale[]> {
  return readSales(await client.get(`${orderPath(uuid)}/transactions`));
}

/** The order an earlier call made whose answer was lost. One that is overlooked has no link out. */
async function findPending(
  client: TributeClient,
  { paymentId }: PaymentOrder,
  clock: Clock,
): Promise<unknown> {
  const to = clock.now();
  const window = { from: new Date(to.getTime() - LOOKED_BACK_MS), to };
  const orders = await ordersOf(client, window);
  return orders.find((item) => {
    const order = tryRead(item);
    return 'paymentId' in order && order.paymentId === paymentId && order.state === 'pending';
  });
}

/** The vendor knows whole days of UTC only, both ends inclusive. */
async function ordersOf(client: TributeClient, { from, to }: TimeWindow): Promise<unknown[]> {
  const day = (at: Date): string => at.toISOString().slice(0, 10);
  return readOrders(await client.get('shop/orders', { dateFrom: day(from), dateTo: day(to) }));
}

/** Good items are delivered before an odd one is reported: it must not hide the rest of the money. */
async function* listOrders(
  client: TributeClient,
  window: TimeWindow,
): AsyncGenerator<ProviderPayment> {
  let odd: ProviderProtocolError | undefined;
  for (const item of await ordersOf(client, window)) {
    const read = tryRead(item);
    if (read instanceof ProviderProtocolError) odd ??= read;
    else if (isWithin(read.createdAt, window)) {
      const sales = read.state === 'settled' ? await salesOf(client, read.reference) : [];
      const { again = [], ...payment } = withSales(read, sales);
      yield payment;
      yield* again;
    }
  }
  if (odd !== undefined) throw odd;
}

function isWithin(at: Date | undefined, { from, to }: TimeWindow): boolean {
  return at !== undefined && at >= from && at < to;
}

function tryRead(item: unknown): ProviderPayment | ProviderProtocolError {
  try {
    return readOrder(item);
  } catch (error) {
    if (error instanceof ProviderProtocolError) return error;
    throw error;
  }
}
