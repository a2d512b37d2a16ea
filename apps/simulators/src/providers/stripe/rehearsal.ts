import { parseJson } from '../../http.ts';
import { type Fields, isFields } from '../fields.ts';
import { rehearse as rehearseAny, type Rehearsal, type Reply } from '../rehearsal.ts';
import { createStripe } from './index.ts';

/** A simulated Stripe for tests; `api` calls it with the account's key. */
export type StripeRehearsal = Omit<Rehearsal, 'notices'> &
  Readonly<{
    api(
      method: string,
      path: string,
      form?: Readonly<Record<string, string>>,
      headers?: Record<string, string>,
    ): Promise<Reply>;
    /** A new session of one line; `more` adds parameters or replaces them. */
    session(more?: Readonly<Record<string, string>>): Promise<Reply>;
    act(name: string, id: string, wish?: object): Promise<Reply>;
    /** What was sent since this was last asked, as JSON. */
    notices(): Promise<Fields[]>;
  }>;

export async function rehearse(
  options: { folder?: string; at?: string } = {},
): Promise<StripeRehearsal> {
  const vendor = await rehearseAny({ ...options, create: createStripe });
  const api: StripeRehearsal['api'] = (method, path, form, headers = {}) =>
    vendor.visit(
      method,
      `/stripe/v1${path}`,
      form === undefined ? undefined : new URLSearchParams(form).toString(),
      { authorization: 'Bearer sk_test_simulated', ...headers },
    );
  return {
    ...vendor,
    api,
    session: (more = {}) =>
      api('POST', '/checkout/sessions', {
        mode: 'payment',
        'line_items[0][price_data][currency]': 'usd',
        'line_items[0][price_data][unit_amount]': '499',
        'line_items[0][price_data][product_data][name]': 'One month',
        'line_items[0][quantity]': '1',
        success_url: 'https://shop.example/back?session={CHECKOUT_SESSION_ID}',
        cancel_url: 'https://shop.example/cancel',
        client_reference_id: 'pay_1',
        'metadata[order_id]': 'ord_1',
        'payment_intent_data[metadata][payment_id]': 'pay_1',
        ...more,
      }),
    act: (name, id, wish) => vendor.visit('POST', `/stripe/control/payments/${id}/${name}`, wish),
    async notices() {
      const received = await vendor.notices();
      return received.map(({ body }) => parseJson(Buffer.from(body))).filter(isFields);
    },
  };
}
