import { type Currency, formatMajor, money } from '@opora/kernel';
import type { World } from '../../world.ts';
import type { Cabinet } from '../cabinet.ts';
import { ActRefused, type Bill, type BillState, type Till } from '../till.ts';
import type { Notices } from './notices.ts';
import type { Order } from './order.ts';
import type { Shop } from './shop.ts';

const CURRENCY: Readonly<Record<Order['currency'], Currency>> = {
  rub: 'RUB',
  eur: 'EUR',
  usd: 'USD',
};
const STATES: Readonly<Record<Order['status'], BillState>> = {
  pending: 'open',
  paid: 'paid',
  failed: 'closed',
};

/**
 * Tribute as people and drills handle it. A buyer pays the exact sum; a refund is of a whole sale;
 * a disputed one is taken back by the bank at once, without a fight.
 */
export function openTill(
  world: World,
  { shop, cabinet, notices }: Readonly<{ shop: Shop; cabinet: Cabinet; notices: Notices }>,
): Till {
  return {
    id: 'tribute',
    bills: () => shop.book.ids().map((id) => asBill(shop, shop.order(id))),
    bill: (id) => asBill(shop, shop.order(id)),
    acts: {
      pay: (id) => void shop.pay(id),
      decline: (id) => void shop.decline(id),
      abandon: () => undefined,
      late: (id, { afterMs = 0 }) => {
        if (afterMs === 0) shop.pay(id);
        else shop.payLater(id, afterMs);
      },
      twice: (id) => {
        payTwice(shop, id);
      },
      expire: (id) => void shop.expire(id),
      refund: (id, { value }) => {
        const bill = asBill(shop, shop.order(id));
        if (value !== undefined && value !== bill.amount.value) {
          throw new ActRefused('Tribute gives back whole payments only');
        }
        shop.refund(id);
      },
      resend: (id) => {
        const newest = world.deliveries.list('tribute').findLast(({ about }) => about === id);
        if (newest === undefined) throw new ActRefused('no notice was sent for it yet');
        world.deliveries.resend(newest.id);
      },
      dispute: (id) => void shop.dispute(id),
    },
    cabinet,
    forge: (body) => {
      notices.forge(body);
    },
  };
}

/** An order is paid once; a shop that made a second one for the same payment can be paid twice. */
function payTwice(shop: Shop, id: string): void {
  const order = shop.order(id);
  const other = shop.book
    .group(order.customerId)
    .find((each) => each.id !== id && each.status === 'pending');
  if (other === undefined) {
    throw new ActRefused('the shop made no second order for this payment, and one is paid once');
  }
  if (order.status === 'pending') shop.pay(id);
  shop.pay(other.id);
}

function asBill(shop: Shop, order: Order): Bill {
  const currency = CURRENCY[order.currency];
  const text = (minor: number): string => formatMajor(money(BigInt(minor), currency));
  const sum = (type: 'sell' | 'refund'): number =>
    order.transactions.reduce((all, each) => (each.type === type ? all + each.amount : all), 0);
  return {
    id: order.id,
    reference: order.customerId,
    order: order.customerId,
    state: order.disputed ? 'disputed' : STATES[order.status],
    status: order.status,
    amount: { value: text(order.firstPeriodAmount ?? order.amount), currency },
    taken: text(sum('sell')),
    returned: text(sum('refund')),
    createdAt: order.createdAt,
    checkoutUrl: shop.checkoutUrl(order.id),
    description: order.title,
    returnUrl: (order.status === 'failed' ? order.failUrl : undefined) ?? order.successUrl,
    payAt: order.payAt,
  };
}
