import { formatMajor } from '@opora/kernel';
import type { World } from '../../world.ts';
import { sumOf } from '../control.ts';
import { ActRefused, type Bill, type BillState, type Till } from '../till.ts';
import type { Notices } from './notices.ts';
import { type Order, STATUSES, type Status, sumIn } from './order.ts';
import type { ShopCabinet } from './settings.ts';
import type { Shop } from './shop.ts';

const STATES: Readonly<Record<Status, BillState>> = {
  [STATUSES.open]: 'open',
  [STATUSES.paid]: 'paid',
  [STATUSES.refunded]: 'paid',
  [STATUSES.error]: 'closed',
  [STATUSES.cancelled]: 'closed',
};
/** The numbers of the ways to pay that the page offers. */
const METHODS: Readonly<Record<string, number>> = { card: 36, sbp: 42, usdt: 15 };

/**
 * FreeKassa as people and drills handle it. An order exists only once somebody has opened its link,
 * so a driver opens it first.
 */
export function createTill(
  world: World,
  parts: Readonly<{ shop: Shop; cabinet: ShopCabinet; notices: Notices }>,
): Till {
  const { shop, cabinet, notices } = parts;
  const billOf = (order: Order): Bill =>
    presentBill(order, { selfUrl: world.selfUrl, successUrl: cabinet.settings().successUrl });
  return {
    id: 'freekassa',
    bills: () => shop.orders.ids().map((id) => billOf(shop.order(id))),
    bill: (id) => billOf(shop.order(id)),
    acts: {
      pay: (id, { method }) => void shop.pay(id, { method: METHODS[method ?? ''] }),
      decline: (id) => void shop.decline(id),
      // The vendor tells of payments only, and walking away is none.
      abandon: () => undefined,
      late(id, { afterMs = 0 }) {
        if (afterMs === 0) shop.pay(id);
        else shop.payLater(id, afterMs);
      },
      twice: (id) => void shop.payTwice(id),
      other(id, wish) {
        const sum = sumOf(wish, shop.order(id).currency);
        if (sum === undefined) throw new ActRefused('name the other sum');
        shop.pay(id, { sum });
      },
      expire: (id) => void shop.cancel(id),
      refund: (id, wish) => void shop.refund(id, sumOf(wish, shop.order(id).currency)),
      resend(id) {
        if (!notices.resend(id)) throw new ActRefused('no notice was sent for it yet');
      },
    },
    cabinet,
    forge: notices.forge,
  };
}

function presentBill(
  order: Order,
  { selfUrl, successUrl }: Readonly<{ selfUrl: string; successUrl: string }>,
): Bill {
  const { id, status, currency, createdAt, language, payAt, deadlineAt, merchantOrderId } = order;
  const decimal = (text: string): string => formatMajor(sumIn(order, text));
  const isPaid = STATES[status] === 'paid';
  const own = isPaid ? order.successUrl : order.failureUrl;
  return {
    id,
    reference: merchantOrderId,
    order: merchantOrderId,
    state: STATES[status],
    status: String(status),
    amount: { value: decimal(order.amount), currency },
    taken: decimal(order.paid),
    returned: decimal(order.returned),
    createdAt,
    checkoutUrl: `${selfUrl}/freekassa/checkout/${id}`,
    returnUrl: own ?? (successUrl === '' ? undefined : successUrl),
    language,
    payAt,
    deadlineAt,
  };
}
