/** Reading orders, and the step the vendor leaves to us: taking what the buyer approved. */
import { ProviderPaymentMissing, ProviderProtocolError, ProviderRefused } from '../../errors.ts';
import type { PaypalCall } from './client.ts';
import { readOrder, readOrderLink, vendorId, type ReadOrder } from './map.ts';
import { CAPTURE } from './webhook.ts';

/** `reference` is an order's id, or a capture's with its prefix, as notices of captures have. */
export async function findOrder(
  call: PaypalCall,
  reference: string,
  isTest: boolean,
): Promise<ReadOrder> {
  const isCapture = reference.startsWith(CAPTURE);
  const id = isCapture ? reference.slice(CAPTURE.length) : reference;
  if (!vendorId.safeParse(id).success) throw missing('the reference is no id');
  const order = isCapture ? readOrderLink(await call.get(`v2/payments/captures/${id}`)) : id;
  if (order === undefined) throw missing(`capture ${id} belongs to no order`);
  const found = readOrder(await call.get(`v2/checkout/orders/${order}`), isTest);
  return sameOrder(found, order);
}

/**
 * Takes the money the buyer approved, under a key of our payment: asked twice it is taken once. A
 * refusal is no end, the buyer may choose another card.
 */
export async function captureApproved(
  call: PaypalCall,
  order: ReadOrder,
  isTest: boolean,
): Promise<ReadOrder> {
  const { reference, paymentId } = order.payment;
  const path = `v2/checkout/orders/${reference}`;
  try {
    const answer = await call.post(`${path}/capture`, `capture:${paymentId ?? reference}`, {});
    return sameOrder(readOrder(answer, isTest), reference);
  } catch (error) {
    if (!(error instanceof ProviderRefused)) throw error;
    const reason = String(error.facts['vendorCode']);
    if (reason !== 'ORDER_ALREADY_CAPTURED') {
      return { ...order, payment: { ...order.payment, reason } };
    }
    return sameOrder(readOrder(await call.get(path), isTest), reference);
  }
}

function missing(message: string): ProviderPaymentMissing {
  return new ProviderPaymentMissing(`paypal: ${message}`);
}

function sameOrder(found: ReadOrder, reference: string): ReadOrder {
  if (found.payment.reference === reference) return found;
  throw new ProviderProtocolError(`paypal: asked for ${reference}, got ${found.payment.reference}`);
}
