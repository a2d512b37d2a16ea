import { API, moneyToWire, type OwnPaymentWire } from '@opora/contracts';
import { addMoney, type Language } from '@opora/kernel';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import { orderTitle, type Order, type Orders } from '../../orders/index.ts';
import { isSoldBy } from '../credit.ts';
import { isAtProvider, type Payment, type Payments, type PaymentState } from '../index.ts';
import type { ProviderId } from '../provider.ts';

type Deps = Readonly<{
  payments: Payments;
  orders: Orders;
  catalog: Catalog;
  /** What a way to pay is called: words of the product. */
  wayTitle: (provider: ProviderId) => Readonly<Record<Language, string>>;
}>;

/** What a customer reads of each state; `created` has no answer of the provider yet. */
const STATES: Readonly<Record<PaymentState, OwnPaymentWire['state']>> = {
  created: 'unknown',
  pending: 'waiting',
  authorised: 'waiting',
  settled: 'paid',
  disputed: 'paid',
  failed: 'declined',
  cancelled: 'expired',
  expired: 'expired',
  partly_refunded: 'partly_refunded',
  refunded: 'refunded',
};

/** `GET /api/v1/me/payments`: one's own, newest first. */
export function ownPaymentRoutes(deps: Deps) {
  return (app: App): void => {
    serve(app, API.me.payments, async ({ request, query }) => {
      const page = await deps.payments.ofPerson(request.personId, query);
      const orders = await deps.orders.some(page.items.map(({ orderId }) => orderId));
      const items = page.items.flatMap((payment) => {
        const order = orders.get(payment.orderId);
        return order === undefined ? [] : [present(deps, payment, order)];
      });
      return { ...page, items: await Promise.all(items) };
    });
  };
}

async function present(deps: Deps, payment: Payment, order: Order): Promise<OwnPaymentWire> {
  // Money beyond what the order cost waits on the balance.
  const isSurplus =
    payment.state === 'settled' && order.kind === 'plan' && !isSoldBy(payment, order);
  return {
    id: payment.id,
    orderId: payment.orderId,
    at: (payment.settledAt ?? payment.createdAt).toISOString(),
    plan: await orderTitle(deps.catalog, order),
    amount: moneyToWire(payment.amount),
    refunded: moneyToWire(addMoney(payment.refunded, payment.credited)),
    provider: payment.provider,
    state: isSurplus ? 'surplus' : STATES[payment.state],
    receipt: receiptOf(deps, payment),
  };
}

/** Money that came stays proven, also after it was given back. */
function receiptOf(
  { wayTitle }: Deps,
  { settledAt, reference, provider }: Payment,
): OwnPaymentWire['receipt'] {
  if (settledAt === undefined || reference === undefined || !isAtProvider(provider)) {
    return null;
  }
  return { paidAt: settledAt.toISOString(), method: wayTitle(provider), reference };
}
