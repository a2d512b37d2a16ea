import type { Collection } from '../../store.ts';
import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import type { Amount } from './fields.ts';
import { nextVendorId } from './ids.ts';
import type { MethodType, PaymentOrder } from './order.ts';
import * as steps from './payment.ts';
import type { CancelReason, Method, Payment, Refund } from './payment.ts';
import { presentPayment, presentRefund, type ShopFace } from './present.ts';
import type { Receipt } from './receipt.ts';
import { Refusal, refuse } from './refusal.ts';
import type { ShopCabinet } from './settings.ts';

/**
 * The simulated shop at YooKassa. Every act is one write to disk together with its notification,
 * so a kill leaves either both or none; acts the state forbids throw `Refusal` and change nothing.
 */
export interface Shop {
  readonly face: ShopFace;
  readonly payments: Book<Payment>;
  readonly refunds: Book<Refund>;
  create(order: PaymentOrder): Payment;
  /** Throws `not_found` when there is no such payment. */
  payment(id: string): Payment;
  pay(id: string, type?: MethodType): Payment;
  payLater(id: string, delayMs: number): Payment;
  decline(id: string, reason: CancelReason): Payment;
  capture(id: string, amount: Amount, receipt?: Receipt): Payment;
  cancel(id: string): Payment;
  /** Ends an unpaid or held payment as its deadline would. */
  expire(id: string): Payment;
  refund(request: Omit<Refund, 'id' | 'createdAt'>): Refund;
  /** Does what time brings: late buyers pay, deadlines pass. */
  passTime(): void;
}

const NO_AUTOPAYMENTS =
  "This store can't make recurring payments. Contact the YooMoney manager to learn more";

/** What the acts below share. */
type Desk = Readonly<{
  world: World;
  cabinet: ShopCabinet;
  face: ShopFace;
  payments: Book<Payment>;
  refunds: Book<Refund>;
  methods: Collection<Method>;
}>;

export function openShop(world: World, cabinet: ShopCabinet): Shop {
  const desk: Desk = {
    world,
    cabinet,
    face: {
      shopId: world.config.payments.yookassa.shopId,
      checkoutUrl: (id) => `${world.selfUrl}/yookassa/checkout/${id}`,
    },
    payments: openBook<Payment>(world.store, 'yookassa.payments', {
      groupOf: (payment) => payment.metadata['order_id'],
      isOpen: (payment) => payment.deadlineAt !== undefined,
    }),
    refunds: openBook<Refund>(world.store, 'yookassa.refunds', {
      groupOf: (refund) => refund.paymentId,
      isOpen: () => false,
    }),
    methods: world.store.collection<Method>('yookassa.methods'),
  };
  const now = (): Date => world.clock.now();
  const act = (id: string, change: (payment: Payment) => Payment): Payment =>
    world.store.together(() => save(desk, change(find(desk, id))));

  return {
    face: desk.face,
    payments: desk.payments,
    refunds: desk.refunds,
    create: (order) => world.store.together(() => save(desk, start(desk, order))),
    payment: (id) => find(desk, id),
    pay: (id, type) => act(id, (payment) => paidBy(desk, payment, type)),
    payLater: (id, delayMs) => act(id, (payment) => steps.promised(payment, now(), delayMs)),
    decline: (id, reason) => act(id, (payment) => steps.canceled(payment, 'pending', reason)),
    capture: (id, amount, receipt) =>
      act(id, (payment) => {
        const { feeBps } = cabinet.settings();
        return steps.captured(payment, { amount, receipt, feeBps, at: now() });
      }),
    cancel: (id) =>
      act(id, (payment) => steps.canceled(payment, 'waiting_for_capture', 'canceled_by_merchant')),
    expire: (id) => act(id, expired),
    refund: (request) => world.store.together(() => giveBack(desk, request)),
    passTime() {
      const at = now().toISOString();
      for (const { id, payAt, deadlineAt } of desk.payments.open()) {
        if (payAt !== undefined && payAt <= at) act(id, (payment) => paidBy(desk, payment));
        else if (deadlineAt !== undefined && deadlineAt <= at) act(id, expired);
      }
    },
  };
}

function find({ payments }: Desk, id: string): Payment {
  const payment = payments.find(id);
  if (payment === undefined) throw new Refusal('not_found', "Payment doesn't exist", 'payment_id');
  return payment;
}

function save(desk: Desk, payment: Payment): Payment {
  desk.payments.save(payment);
  // A pending payment is no news to the shop: it has just made it.
  if (payment.status !== 'pending') {
    const object = presentPayment(payment, desk.face);
    notify(desk, { about: payment.id, event: `payment.${payment.status}`, object });
  }
  return payment;
}

/** There is no signature: the shop is told to look at the sender and to ask back. */
function notify(
  { world, cabinet }: Desk,
  { about, event, object }: Readonly<{ about: string; event: string; object: unknown }>,
): void {
  const { notificationUrl: url, repeatsMs } = cabinet.settings();
  world.deliveries.send({
    target: 'yookassa',
    about,
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'notification', event, object }),
    repeatsMs,
    accepts: '200',
  });
}

/** A new payment waits for its buyer, or is decided at once when it charges a saved method. */
function start(desk: Desk, order: PaymentOrder): Payment {
  const { savedMethodId } = order;
  const asksAutopayment = order.savesMethod || savedMethodId !== undefined;
  if (asksAutopayment && !desk.cabinet.settings().autopayments) {
    throw new Refusal('forbidden', NO_AUTOPAYMENTS);
  }
  const method = savedMethodId === undefined ? undefined : desk.methods.get(savedMethodId);
  if (savedMethodId !== undefined && method === undefined) {
    refuse('payment_method_id', "Payment method doesn't exist");
  }
  const payment = steps.opened(nextVendorId(desk.world, 'payment'), order, desk.world.clock.now());
  if (method === undefined) return payment;
  const { savedCharge } = desk.cabinet.settings();
  return savedCharge === 'succeeded'
    ? confirm(desk, payment, method)
    : { ...steps.canceled(payment, 'pending', savedCharge), method };
}

const paidBy = (desk: Desk, payment: Payment, type = payment.methodType ?? 'bank_card'): Payment =>
  confirm(desk, payment, { type, id: payment.id, saved: payment.savesMethod });

function confirm({ world, cabinet, methods }: Desk, payment: Payment, method: Method): Payment {
  const { feeBps } = cabinet.settings();
  const after = steps.confirmed(payment, method, { at: world.clock.now(), feeBps });
  if (method.saved) methods.put(method.id, method);
  return after;
}

function expired(payment: Payment): Payment {
  return payment.status === 'pending'
    ? steps.canceled(payment, 'pending', 'expired_on_confirmation')
    : steps.canceled(payment, 'waiting_for_capture', 'expired_on_capture');
}

function giveBack(desk: Desk, request: Omit<Refund, 'id' | 'createdAt'>): Refund {
  const { world } = desk;
  desk.payments.save(steps.refunded(find(desk, request.paymentId), request.amount));
  const createdAt = world.clock.now().toISOString();
  const refund: Refund = { ...request, id: nextVendorId(world, 'refund'), createdAt };
  desk.refunds.save(refund);
  const object = presentRefund(refund);
  notify(desk, { about: request.paymentId, event: 'refund.succeeded', object });
  return refund;
}
