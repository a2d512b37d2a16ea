/**
 * A false "paid" in the form of each vendor: what matters in it is as in the true one, and nobody
 * who knows the vendor's secret has signed it. Pure.
 */
import type { Bill } from '../simulated-world.ts';
import type { VendorName } from '../vendors.ts';

const NO_PROOF = '0'.repeat(64);

export function forgeryOf(vendor: VendorName, bill: Bill): string {
  const fields = Object.entries(FORGERIES[vendor](bill));
  return vendor === 'freekassa'
    ? new URLSearchParams(fields.map(([name, value]) => [name, String(value)])).toString()
    : JSON.stringify(Object.fromEntries(fields));
}

const FORGERIES: Readonly<Record<VendorName, (bill: Bill) => object>> = {
  yookassa: ({ id }) => ({
    type: 'notification',
    event: 'payment.succeeded',
    object: { id, status: 'succeeded', paid: true },
  }),
  tkassa: ({ id, reference, amount }) => ({
    ...{ TerminalKey: 'DEMO', OrderId: reference, PaymentId: id, Status: 'CONFIRMED' },
    ...{ Success: true, ErrorCode: '0', Amount: Number(amount.value) * 100, Token: NO_PROOF },
  }),
  stripe: ({ id, reference }) => ({
    ...{ id: 'evt_forged', object: 'event', type: 'checkout.session.completed', livemode: false },
    data: {
      object: {
        ...{ id, object: 'checkout.session', client_reference_id: reference },
        ...{ status: 'complete', payment_status: 'paid' },
      },
    },
  }),
  paypal: ({ id, reference, amount: { value, currency } }) => ({
    ...{ id: 'WH-FORGED', event_type: 'PAYMENT.CAPTURE.COMPLETED', resource_type: 'capture' },
    resource: {
      ...{ id: 'FORGED', status: 'COMPLETED', custom_id: reference },
      amount: { value, currency_code: currency },
      supplementary_data: { related_ids: { order_id: id } },
    },
  }),
  cryptopay: ({ id, reference, amount: { value, currency } }) => ({
    ...{ update_id: 1, update_type: 'invoice_paid' },
    payload: {
      ...{ invoice_id: Number(id), status: 'paid', payload: reference },
      ...{ currency_type: 'fiat', fiat: currency, amount: value },
    },
  }),
  freekassa: ({ id, reference = '', amount }) => ({
    ...{ MERCHANT_ID: '1', AMOUNT: amount.value, intid: id, MERCHANT_ORDER_ID: reference },
    SIGN: NO_PROOF.slice(32),
  }),
  stars: ({ id, reference, amount }) => ({
    update_id: 1,
    message: {
      successful_payment: {
        ...{ currency: 'XTR', total_amount: Number(amount.value), invoice_payload: reference },
        telegram_payment_charge_id: `forged_${id}`,
      },
    },
  }),
  tribute: ({ id, reference, amount: { value } }) => ({
    name: 'shop_order',
    payload: { uuid: id, amount: Number(value) * 100, status: 'paid', customerId: reference },
  }),
};
