import { sumOf } from '../control.ts';
import { ActRefused, type Acts, type Bill, type BillState, type Till, type Wish } from '../till.ts';
import { captureOf, find, findOrder, type Merchant } from './merchant.ts';
import type { Order } from './order.ts';
import { approve, approveLater, forget } from './paying.ts';
import { Refusal } from './refusal.ts';
import { closeDispute, dispute, openDispute, refund } from './returning.ts';
import { toSum, zero } from './sum.ts';

/**
 * PayPal as people and drills handle it. A bill is an order. The buyer only approves: the money
 * comes when the shop captures, so `pay` leaves a bill held. Nobody can pay another amount, and
 * an order is captured once.
 */
export function openTill(merchant: Merchant): Till {
  const billOf = (id: string): Bill | undefined => {
    const order = merchant.orders.find(id);
    return order === undefined ? undefined : presentBill(merchant, order);
  };
  return {
    id: 'paypal',
    bills: () => merchant.orders.ids().flatMap((id) => billOf(id) ?? []),
    bill: (id) => {
      const bill = billOf(id);
      if (bill === undefined) throw new ActRefused(`no such payment: ${id}`, true);
      return bill;
    },
    acts: actsOf(merchant),
    cabinet: merchant.cabinet,
    forge: (body) => {
      merchant.news.forge(body);
    },
  };
}

function actsOf(merchant: Merchant): Acts {
  const captureId = (id: string): string => {
    const found = findOrder(merchant, id).captureId;
    if (found === undefined) throw new ActRefused('nothing was captured yet');
    return found;
  };
  return inVendorsWords({
    pay: (id) => approve(merchant, id, 'good'),
    decline: (id) => approve(merchant, id, 'declined'),
    abandon: (id) => findOrder(merchant, id),
    late: (id, { afterMs = 0 }) =>
      afterMs === 0 ? approve(merchant, id, 'good') : approveLater(merchant, id, afterMs),
    twice: (id) => {
      approveTwice(merchant, findOrder(merchant, id));
    },
    expire: (id) => forget(merchant, id),
    refund: (id, wish) => {
      const capture = find(merchant.captures, captureId(id));
      const value = sumOf(wish, capture.sum.currency_code);
      return refund(merchant, capture.id, {
        sum: value === undefined ? undefined : toSum(value),
        invoiceId: undefined,
        customId: undefined,
        note: undefined,
      });
    },
    resend: (id) => {
      const newest = merchant.world.deliveries.list('paypal').findLast(({ about }) => about === id);
      if (newest === undefined) throw new ActRefused('no notice was sent for it yet');
      merchant.world.deliveries.resend(newest.id);
    },
    dispute: (id) => dispute(merchant, captureId(id)),
    win: (id) => closeDispute(merchant, captureId(id), true),
    lose: (id) => closeDispute(merchant, captureId(id), false),
  });
}

function approveTwice(merchant: Merchant, order: Order): void {
  const waits = ({ status }: Order): boolean =>
    status === 'CREATED' || status === 'PAYER_ACTION_REQUIRED';
  const other = merchant.orders
    .group(order.referenceId)
    .find((each) => each.id !== order.id && waits(each));
  if (other === undefined) {
    throw new ActRefused('an order is captured once, and the shop made no other of this reference');
  }
  if (waits(order)) approve(merchant, order.id, 'good');
  approve(merchant, other.id, 'good');
}

function presentBill(merchant: Merchant, order: Order): Bill {
  const capture = captureOf(merchant, order);
  const isTaken = capture !== undefined && !/^(PENDING|DECLINED)$/.test(capture.status);
  const { currency_code: currency, value } = order.sum;
  return {
    id: order.id,
    reference: order.customId,
    order: order.referenceId === 'default' ? undefined : order.referenceId,
    state: stateOf(merchant, order),
    status: capture?.status ?? order.status,
    amount: { value, currency },
    taken: (isTaken ? capture.sum : zero(order.sum)).value,
    returned: (capture?.refunded ?? zero(order.sum)).value,
    createdAt: order.createdAt,
    checkoutUrl: `${merchant.base}/checkout/${order.id}`,
    description: order.description,
    returnUrl: order.returnUrl,
    language: /^ru\b/.test(order.locale ?? '')
      ? 'ru'
      : /^en\b/.test(order.locale ?? '')
        ? 'en'
        : undefined,
    payAt: order.payAt,
    deadlineAt: order.deadlineAt,
  };
}

function stateOf(merchant: Merchant, order: Order): BillState {
  const capture = captureOf(merchant, order);
  if (capture !== undefined) {
    if (capture.status === 'PENDING') return 'held';
    if (capture.status === 'DECLINED') return 'closed';
    const isLocked = openDispute(merchant, capture.id) !== undefined || capture.reversed === true;
    return isLocked ? 'disputed' : 'paid';
  }
  if (order.status === 'VOIDED') return 'closed';
  // An approval whose money is not there leaves the payer free to come again.
  return order.status === 'APPROVED' && order.funding !== 'declined' ? 'held' : 'open';
}

/** What the API would refuse, a person is refused too, with the vendor's issue. */
function inVendorsWords(
  acts: Readonly<{ [name in keyof Acts]: (id: string, wish: Wish) => unknown }>,
): Acts {
  return Object.fromEntries(
    Object.entries(acts).map(([name, act]) => [
      name,
      (id: string, wish: Wish): void => {
        try {
          act(id, wish);
        } catch (error) {
          throw error instanceof Refusal ? new ActRefused(error.message) : error;
        }
      },
    ]),
  );
}
