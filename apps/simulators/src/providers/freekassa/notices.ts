import type { World } from '../../world.ts';
import type { Order } from './order.ts';
import type { ShopCabinet } from './settings.ts';
import { signNotice } from './signatures.ts';

/** What the vendor must read to stop repeating. */
const RECEIVED = 'YES';
const URLENCODED = { 'content-type': 'application/x-www-form-urlencoded' };
const BOUNDARY = 'simulated-freekassa-form';

export interface Notices {
  /** Only of a payment: nothing else is ever told. */
  tell(order: Order): void;
  forge(body: string): void;
  resend(orderId: string): boolean;
}

export function createNotices(world: World, cabinet: ShopCabinet): Notices {
  const { shopId, word2 } = world.config.payments.freekassa;
  return {
    tell(order) {
      const { notificationUrl, repeatsMs, noticeForm, amountForm } = cabinet.settings();
      const amount = amountForm === 'short' ? shortened(order.paid) : order.paid;
      const fields = new URLSearchParams({
        MERCHANT_ID: shopId,
        AMOUNT: amount,
        intid: order.id,
        MERCHANT_ORDER_ID: order.merchantOrderId,
        P_EMAIL: order.email ?? '',
        P_PHONE: order.phone ?? '',
        CUR_ID: String(order.method),
        commission: '0',
        ...order.own,
        SIGN: signNotice({ shopId, amount, orderId: order.merchantOrderId }, word2),
      });
      world.deliveries.send({
        target: 'freekassa',
        about: order.id,
        repeatsMs,
        accepts: { body: RECEIVED },
        ...wrapped(order.notificationUrl ?? notificationUrl, fields, noticeForm),
      });
    },
    forge(body) {
      const { notificationUrl: url, noticeForm } = cabinet.settings();
      const accepts = { body: RECEIVED };
      const common = { target: 'freekassa', headers: URLENCODED, repeatsMs: [], accepts };
      if (noticeForm !== 'get') world.deliveries.send({ ...common, url, body });
      else world.deliveries.send({ ...common, method: 'GET', url: `${url}?${body}`, body });
    },
    resend(orderId) {
      const newest = world.deliveries.list('freekassa').findLast(({ about }) => about === orderId);
      if (newest !== undefined) world.deliveries.resend(newest.id);
      return newest !== undefined;
    },
  };
}

/** `499.00` becomes `499`, `499.50` becomes `499.5`. */
export const shortened = (amount: string): string =>
  amount.includes('.') ? amount.replace(/\.?0+$/, '') : amount;

function wrapped(url: string, fields: URLSearchParams, form: 'post' | 'multipart' | 'get') {
  const body = fields.toString();
  if (form === 'post') return { url, headers: URLENCODED, body };
  if (form === 'get') return { method: 'GET' as const, url: `${url}?${body}`, headers: {}, body };
  const parts = [...fields].map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  return { url, headers, body: `${parts.join('')}--${BOUNDARY}--\r\n` };
}
