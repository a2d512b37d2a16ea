import type { World } from '../../world.ts';
import { type Book, openBook } from '../book.ts';
import type { Cabinet } from '../cabinet.ts';
import type { Capture, Dispute, Refund, Token } from './capture.ts';
import { type News, openNews } from './news.ts';
import type { Order } from './order.ts';
import { presentCapture, presentOrder, type Shown } from './present.ts';
import { missing } from './refusal.ts';
import type { PaypalSettings } from './settings.ts';

/** What one merchant at PayPal has; every act on it is written whole or not at all. */
export interface Merchant {
  readonly world: World;
  readonly cabinet: Cabinet<PaypalSettings>;
  readonly news: News;
  readonly orders: Book<Order>;
  readonly captures: Book<Capture>;
  readonly refunds: Book<Refund>;
  readonly disputes: Book<Dispute>;
  readonly tokens: Book<Token>;
  /** Where the vendor's own addresses begin. */
  readonly base: string;
  /** ISO text. */
  now(): string;
}

export function openMerchant(world: World, cabinet: Cabinet<PaypalSettings>): Merchant {
  const { store } = world;
  const shut = { isOpen: () => false };
  return {
    world,
    cabinet,
    news: openNews(world, cabinet),
    orders: openBook<Order>(store, 'paypal.orders', {
      groupOf: (order) => (order.referenceId === 'default' ? undefined : order.referenceId),
      isOpen: (order) => order.deadlineAt !== undefined,
    }),
    captures: openBook<Capture>(store, 'paypal.captures', {
      groupOf: (capture) => capture.invoiceId,
      isOpen: (capture) => capture.status === 'PENDING',
    }),
    refunds: openBook<Refund>(store, 'paypal.refunds', {
      groupOf: (refund) => refund.captureId,
      ...shut,
    }),
    disputes: openBook<Dispute>(store, 'paypal.disputes', {
      groupOf: (dispute) => dispute.captureId,
      ...shut,
    }),
    tokens: openBook<Token>(store, 'paypal.tokens', {
      groupOf: (token) => token.customerId,
      ...shut,
    }),
    base: `${world.selfUrl}/paypal`,
    now: () => world.clock.now().toISOString(),
  };
}

/** Throws the vendor's 404 when there is none; an order nobody approved in time is forgotten. */
export function findOrder({ orders }: Merchant, id: string): Order {
  const order = orders.find(id);
  return order === undefined || order.status === 'VOIDED' ? missing() : order;
}

export const find = <T>(book: Book<T>, id: string): T => book.find(id) ?? missing();

/** A saved wallet that can still be charged. */
export function findToken({ tokens }: Merchant, id: string): Token {
  const token = find(tokens, id);
  return token.revoked === true ? missing() : token;
}

export const captureOf = ({ captures }: Merchant, order: Order): Capture | undefined =>
  order.captureId === undefined ? undefined : captures.find(order.captureId);

export function shownOrder(merchant: Merchant, order: Order): Shown {
  const capture = captureOf(merchant, order);
  const refunds = capture === undefined ? [] : merchant.refunds.group(capture.id);
  const token = order.savedAs === undefined ? undefined : merchant.tokens.find(order.savedAs);
  return presentOrder(order, { capture, refunds }, { base: merchant.base, token });
}

export const shownCapture = ({ base }: Merchant, capture: Capture): Shown =>
  presentCapture(capture, base);

/** Writes a capture and tells the merchant of it. */
export function saveCapture(merchant: Merchant, capture: Capture, event: string): Capture {
  merchant.captures.save(capture);
  merchant.news.tell({
    type: `PAYMENT.CAPTURE.${event}`,
    kind: 'capture',
    resource: presentCapture(capture, merchant.base),
    about: capture.orderId,
  });
  return capture;
}
