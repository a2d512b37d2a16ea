import type { World } from '../../world.ts';
import { ActRefused, type Bill, type BillState, type Till } from '../till.ts';
import { sumOf } from '../control.ts';
import { formatMajor } from '@opora/kernel';
import { type Payment, type PaymentStatus, refundable } from './payment.ts';
import { METHOD_TYPES } from './order.ts';
import type { ShopCabinet } from './settings.ts';
import type { Shop } from './shop.ts';

const STATES: Readonly<Record<PaymentStatus, BillState>> = {
  pending: 'open',
  waiting_for_capture: 'held',
  succeeded: 'paid',
  canceled: 'closed',
};

/** YooKassa as people and drills handle it. A refused payment is over: the shop makes another. */
export function createTill(
  world: World,
  { shop, cabinet }: Readonly<{ shop: Shop; cabinet: ShopCabinet }>,
): Till {
  const billOf = (payment: Payment): Bill => presentBill(payment, shop);
  return {
    id: 'yookassa',
    bills: () => shop.payments.ids().map((id) => billOf(shop.payment(id))),
    bill: (id) => billOf(shop.payment(id)),
    acts: {
      pay(id, { method }) {
        shop.pay(
          id,
          METHOD_TYPES.find((type) => type === method),
        );
      },
      decline: (id) => void shop.decline(id, 'insufficient_funds'),
      // Walking away is no news to anybody.
      abandon: () => undefined,
      late(id, { afterMs = 0 }) {
        if (afterMs === 0) shop.pay(id);
        else shop.payLater(id, afterMs);
      },
      expire: (id) => void shop.expire(id),
      capture: (id) => void shop.capture(id, shop.payment(id).amount),
      cancel: (id) => void shop.cancel(id),
      refund(id, wish) {
        const sum = sumOf(wish, 'RUB') ?? refundable(shop.payment(id));
        const amount = { value: formatMajor(sum), currency: 'RUB' } as const;
        shop.refund({ paymentId: id, amount, description: undefined, receipt: undefined });
      },
      resend(id) {
        const newest = world.deliveries.list('yookassa').findLast(({ about }) => about === id);
        if (newest === undefined) throw new ActRefused('no notice was sent for it yet');
        world.deliveries.resend(newest.id);
      },
    },
    cabinet,
    forge(body) {
      world.deliveries.send({
        target: 'yookassa',
        url: cabinet.settings().notificationUrl,
        headers: { 'content-type': 'application/json' },
        body,
        repeatsMs: [],
        accepts: '200',
      });
    },
  };
}

function presentBill(payment: Payment, shop: Shop): Bill {
  const { id, status, amount, metadata, description, returnUrl, language } = payment;
  return {
    id,
    reference: metadata['payment_id'],
    order: metadata['order_id'],
    state: STATES[status],
    status,
    amount,
    taken: status === 'succeeded' ? amount.value : '0.00',
    returned: payment.refunded.value,
    createdAt: payment.createdAt,
    checkoutUrl: shop.face.checkoutUrl(id),
    description,
    returnUrl,
    language,
    payAt: payment.payAt,
    deadlineAt: payment.deadlineAt,
  };
}
