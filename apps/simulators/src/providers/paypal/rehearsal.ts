import { parseJson } from '../../http.ts';
import { type Fields, isFields } from '../fields.ts';
import { rehearse as rehearseAny, type Rehearsal, type Reply } from '../rehearsal.ts';
import { createPaypal } from './index.ts';

/** A simulated PayPal for tests; `api` calls it with a token of the app. */
export type PaypalRehearsal = Omit<Rehearsal, 'notices'> &
  Readonly<{
    api(
      method: string,
      path: string,
      body?: unknown,
      headers?: Record<string, string>,
    ): Promise<Reply>;
    token(credentials?: string): Promise<Reply>;
    /** A new order; `unit` and `wallet` add fields or replace them. */
    order(unit?: object, wallet?: object): Promise<Reply>;
    act(name: string, id: string, wish?: object): Promise<Reply>;
    /** What was sent since this was last asked, as JSON. */
    notices(): Promise<Fields[]>;
  }>;

export async function rehearse(
  options: { folder?: string; at?: string } = {},
): Promise<PaypalRehearsal> {
  const vendor = await rehearseAny({ ...options, create: createPaypal });
  const token: PaypalRehearsal['token'] = (credentials = 'simulated-client:simulated-secret') =>
    vendor.visit('POST', '/paypal/v1/oauth2/token', 'grant_type=client_credentials', {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    });
  const bearer = String((await token()).body['access_token']);
  const api: PaypalRehearsal['api'] = (method, path, body, headers = {}) =>
    vendor.visit(method, `/paypal${path}`, body, { authorization: `Bearer ${bearer}`, ...headers });
  return {
    ...vendor,
    api,
    token,
    order: (unit = {}, wallet = {}) =>
      api('POST', '/v2/checkout/orders', {
        intent: 'CAPTURE',
        purchase_units: [
          {
            reference_id: 'ord_1',
            custom_id: 'pay_1',
            description: 'One month',
            amount: { currency_code: 'USD', value: '4.99' },
            ...unit,
          },
        ],
        payment_source: {
          paypal: {
            experience_context: {
              return_url: 'https://shop.example/back',
              cancel_url: 'https://shop.example/cancel',
              user_action: 'PAY_NOW',
              shipping_preference: 'NO_SHIPPING',
            },
            ...wallet,
          },
        },
      }),
    act: (name, id, wish) => vendor.visit('POST', `/paypal/control/payments/${id}/${name}`, wish),
    async notices() {
      const received = await vendor.notices();
      return received.map(({ body }) => parseJson(Buffer.from(body))).filter(isFields);
    },
  };
}
