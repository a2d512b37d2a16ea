import { isPositive } from '@opora/kernel';
import {
  type Payment,
  type Method,
  refundable,
  type CancelReason,
  type Refund,
} from './payment.ts';

/** Who took the decision, as YooKassa names the parties. */
const PARTIES: Readonly<Record<CancelReason, string>> = {
  insufficient_funds: 'payment_network',
  '3d_secure_failed': 'payment_network',
  card_expired: 'payment_network',
  permission_revoked: 'payment_network',
  expired_on_confirmation: 'yoo_money',
  expired_on_capture: 'yoo_money',
  canceled_by_merchant: 'merchant',
};
const REGISTRATION = {
  pending: 'pending',
  waiting_for_capture: 'pending',
  succeeded: 'succeeded',
  canceled: 'canceled',
} as const;
const TITLES: Readonly<Record<Method['type'], string>> = {
  bank_card: 'Bank card *4477',
  sbp: 'SBP',
  yoo_money: 'YooMoney 410011758831136',
  sberbank: 'SberPay',
  tinkoff_bank: 'T-Pay',
};
const CARD = {
  first6: '555555',
  last4: '4477',
  expiry_month: '12',
  expiry_year: '2030',
  card_type: 'MasterCard',
  issuer_country: 'RU',
};

export type ShopFace = Readonly<{ shopId: string; checkoutUrl: (paymentId: string) => string }>;

/** A payment as the API and the notifications show it. Absent facts are left out by JSON. */
export function presentPayment(payment: Payment, shop: ShopFace): Record<string, unknown> {
  const { status } = payment;
  const succeeded = status === 'succeeded';
  return {
    id: payment.id,
    status,
    paid: succeeded || status === 'waiting_for_capture',
    amount: payment.amount,
    income_amount: payment.income,
    confirmation:
      status === 'pending' && payment.returnUrl !== undefined
        ? {
            type: 'redirect',
            return_url: payment.returnUrl,
            confirmation_url: shop.checkoutUrl(payment.id),
          }
        : undefined,
    captured_at: payment.capturedAt,
    created_at: payment.createdAt,
    expires_at: status === 'waiting_for_capture' ? payment.deadlineAt : undefined,
    description: payment.description,
    metadata: payment.metadata,
    merchant_customer_id: payment.merchantCustomerId,
    payment_method: presentMethod(payment),
    recipient: { account_id: shop.shopId, gateway_id: `${shop.shopId}1` },
    refundable: succeeded && isPositive(refundable(payment)),
    refunded_amount: succeeded ? payment.refunded : undefined,
    receipt_registration: payment.receipt === undefined ? undefined : REGISTRATION[status],
    cancellation_details:
      payment.cancelReason === undefined
        ? undefined
        : { party: PARTIES[payment.cancelReason], reason: payment.cancelReason },
    test: true,
  };
}

export function presentRefund(refund: Refund): Record<string, unknown> {
  return {
    id: refund.id,
    payment_id: refund.paymentId,
    status: 'succeeded',
    amount: refund.amount,
    created_at: refund.createdAt,
    description: refund.description,
    receipt_registration: refund.receipt === undefined ? undefined : 'succeeded',
  };
}

function presentMethod(payment: Payment): Record<string, unknown> | undefined {
  const { method, methodType } = payment;
  if (method !== undefined) {
    const card = method.type === 'bank_card' ? { card: CARD } : {};
    return { ...method, title: TITLES[method.type], ...card };
  }
  return methodType === undefined ? undefined : { type: methodType, id: payment.id, saved: false };
}
