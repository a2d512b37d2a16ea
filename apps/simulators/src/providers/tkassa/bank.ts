import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import { cardIdOf, type Notices } from './notices.ts';
import { INITIATOR, type PaymentOrder } from './order.ts';
import * as steps from './payment.ts';
import type { Cancelled, Payment } from './payment.ts';
import type { Receipt } from './receipt.ts';
import { CODES, Refusal } from './refusal.ts';
import type { Terminal } from './settings.ts';

/**
 * The bank behind one terminal. Every act is one write to disk together with its notices, so a kill
 * leaves either both or none; acts the status forbids throw `Refusal` and change nothing.
 */
export interface Bank {
  readonly payments: Book<Payment>;
  /** Throws `Refusal` when there is no such payment. */
  payment(id: string): Payment;
  ofOrder(orderId: string): Payment[];
  init(order: PaymentOrder): Payment;
  /** The buyer has the form before their eyes. */
  show(id: string): Payment;
  pay(id: string, method?: string): Payment;
  payLater(id: string, delayMs: number): Payment;
  decline(id: string): Payment;
  confirm(id: string, amount?: number, receipt?: Receipt): Payment;
  /** One `requestId` is carried out once; its repeat gets the first answer. */
  cancel(id: string, amount?: number, requestId?: string): Cancelled;
  /** Payments whose cards were kept for this customer, removed ones too. */
  cardsOf(customerKey: string): Payment[];
  /** Throws `Refusal` when the customer has no such card. */
  removeCard(customerKey: string, cardId: string): Payment;
  /** Charges the card kept under `rebillId` for a payment nobody has paid. */
  charge(id: string, rebillId: string): Payment;
  expire(id: string): Payment;
  passTime(): void;
}

/** 20 digits, as the longest this vendor makes. */
const ID_PREFIX = '4000';
const ID_DIGITS = 20;
const REBILL_PREFIX = '17636';

type Desk = Readonly<{
  world: World;
  terminal: Terminal;
  notices: Notices;
  payments: Book<Payment>;
}>;

export function openBank(world: World, parts: { terminal: Terminal; notices: Notices }): Bank {
  const payments = openBook<Payment>(world.store, 'tkassa.payments', {
    groupOf: (payment) => payment.orderId,
    isOpen: (payment) => payment.deadlineAt !== undefined,
  });
  const desk: Desk = { world, payments, ...parts };
  const now = (): Date => world.clock.now();
  const act = <T>(work: () => T): T => world.store.together(work);

  return {
    payments,
    payment: (id) => find(desk, id),
    ofOrder: (orderId) => payments.group(orderId),
    init: (order) => act(() => open(desk, order)),
    show: (id) => act(() => save(desk, steps.shown(find(desk, id)))),
    pay: (id, method) => act(() => take(desk, find(desk, id), { bySbp: method === 'sbp' })),
    payLater: (id, delayMs) =>
      act(() => save(desk, steps.promised(find(desk, id), now(), delayMs))),
    decline: (id) => act(() => told(desk, steps.rejected(find(desk, id), CODES.noFunds))),
    confirm: (id, amount, receipt) =>
      act(() => settled(desk, steps.confirmed(find(desk, id), amount, receipt))),
    cancel: (id, amount, requestId) => act(() => giveBack(desk, id, { amount, requestId })),
    cardsOf: (customerKey) => cardsOf(desk, customerKey),
    removeCard: (customerKey, cardId) =>
      act(() => {
        const card = cardsOf(desk, customerKey).find((each) => cardIdOf(each) === cardId);
        if (card === undefined) throw new Refusal('notFound', `CardId ${cardId}`);
        return save(desk, { ...card, isCardGone: true });
      }),
    charge: (id, rebillId) => act(() => charge(desk, id, rebillId)),
    expire: (id) => act(() => told(desk, steps.expired(find(desk, id)))),
    passTime() {
      const at = now().toISOString();
      for (const { id, payAt, deadlineAt } of payments.open()) {
        if (payAt !== undefined && payAt <= at) act(() => take(desk, find(desk, id)));
        else if (deadlineAt !== undefined && deadlineAt <= at) {
          act(() => told(desk, steps.expired(find(desk, id))));
        }
      }
    },
  };
}

function find({ payments }: Desk, id: string): Payment {
  const payment = payments.find(id);
  if (payment === undefined) throw new Refusal('notFound', `PaymentId ${id}`);
  return payment;
}

function save({ payments }: Desk, payment: Payment): Payment {
  payments.save(payment);
  return payment;
}

function told(desk: Desk, payment: Payment, amount?: number): Payment {
  desk.notices.tell(save(desk, payment), amount);
  return payment;
}

function settled(desk: Desk, payment: Payment): Payment {
  told(desk, payment, payment.taken);
  if (payment.receipt !== undefined) desk.notices.tellReceipt(payment);
  return payment;
}

function open(desk: Desk, order: PaymentOrder): Payment {
  const { world, payments, terminal } = desk;
  const isTaken = payments.group(order.orderId).length > 0;
  if (isTaken && terminal.settings().sameOrderId === 'refused') {
    throw new Refusal('orderTaken', order.orderId);
  }
  return save(desk, steps.opened(nextId(world, ID_PREFIX), order, world.clock.now()));
}

/** One stage: held and taken at once, and the two notices come in either order. Two: held. */
function take(
  desk: Desk,
  payment: Payment,
  { bySbp = false, rebill = payment.recurrent } = {},
): Payment {
  const { world, notices } = desk;
  const rebillId =
    rebill && !bySbp ? (payment.rebillId ?? nextId(world, REBILL_PREFIX)) : undefined;
  const route = bySbp ? 'SBP' : 'ACQ';
  const held = steps.authorized(payment, world.clock.now(), { rebillId, route });
  if (held.holds) return told(desk, held);
  if (world.chance() < 0.5) {
    notices.tell(held);
    return settled(desk, steps.confirmed(held));
  }
  const taken = settled(desk, steps.confirmed(held));
  notices.tell(held);
  return taken;
}

function giveBack(
  desk: Desk,
  id: string,
  { amount, requestId }: { amount: number | undefined; requestId: string | undefined },
): Cancelled {
  const before = find(desk, id);
  const known = requestId === undefined ? undefined : before.requests[requestId];
  if (known !== undefined) return known;
  const after = steps.cancelled(before, amount);
  const answer: Cancelled = {
    status: after.status,
    originalAmount: before.left === 0 ? before.amount : before.left,
    newAmount: after.left,
  };
  const requests =
    requestId === undefined ? after.requests : { ...after.requests, [requestId]: answer };
  const part = before.left === 0 ? before.amount : before.left - after.left;
  const { refundAmount } = desk.terminal.settings();
  told(desk, { ...after, requests }, refundAmount === 'part' ? part : after.left);
  return answer;
}

function cardsOf({ payments }: Desk, customerKey: string): Payment[] {
  const kept = payments.ids().flatMap((id) => payments.find(id) ?? []);
  return kept.filter((one) => one.customerKey === customerKey && one.rebillId !== undefined);
}

function charge(desk: Desk, id: string, rebillId: string): Payment {
  const { payments, terminal } = desk;
  if (!terminal.settings().chargeAllowed) throw new Refusal('chargeOff');
  const payment = find(desk, id);
  const kept = payments.ids().find((each) => payments.find(each)?.rebillId === rebillId);
  const isGone = kept === undefined || payments.find(kept)?.isCardGone === true;
  if (isGone) throw new Refusal('notFound', `RebillId ${rebillId}`);
  if (payment.data[INITIATOR] !== 'R') throw new Refusal('initiator');
  const { savedCharge } = terminal.settings();
  if (savedCharge !== 'succeeded') return told(desk, steps.rejected(payment, CODES[savedCharge]));
  return take(desk, payment, { rebill: false });
}

/** The counter keeps ids apart even when a restart repeats the seeded numbers. */
function nextId(world: World, prefix: string): string {
  const number = String(world.store.sequence('tkassa.ids'));
  const chance = String(Math.floor(world.chance() * 1_000_000)).padStart(6, '0');
  return prefix + chance + number.padStart(ID_DIGITS - prefix.length - chance.length, '0');
}
