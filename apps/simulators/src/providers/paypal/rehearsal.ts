import { rehearse as rehearseVendor, type Rehearsal, type Reply } from '../rehearsal.ts';
import { createPaypal } from './index.ts';

/** A simulated PayPal for tests; `api` calls it with a token of the app. */
export type PaypalRehearsal = Rehearsal &
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
  }>;

export async function rehearse(
  options: { folder?: string; at?: string } = {},
): Promise<PaypalRehearsal> {
  const vendor = await rehearseVendor(createPaypal, options);
  const token: PaypalRehearsal['token'] = (
    credentials = 'simulated-client:simulated-secret',
  ) =>
    vendor.call('POST', '/paypal/v1/oauth2/token', 'grant_type=client_credentials', {
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    });
  const bearer = String((await token()).body['access_token']);
  const api: PaypalRehearsal['api'] = (method, path, body, headers = {}) =>
    vendor.call(method, `/paypal${path}`, body, { authorization: `Bearer ${bearer}`, ...headers });
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
    act: (name, id, wish) => vendor.call('POST', `/paypal/control/payments/${id}/${name}`, wish),
  };
}
