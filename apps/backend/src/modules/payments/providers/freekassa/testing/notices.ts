/** Notices as the vendor makes them, for tests: the example with our shop and words. */
import { createHash } from 'node:crypto';
import type { RawWebhook } from '../../../provider.ts';

export const SHOP = '7012';
export const WORD_2 = 'FkSecretWord2!';

export type Form = Readonly<Record<string, string>>;

const EXAMPLE = {
  MERCHANT_ID: SHOP,
  AMOUNT: '499',
  intid: '123456789',
  MERCHANT_ORDER_ID: 'pay_01JD0008',
  P_EMAIL: 'buyer@example.com',
  CUR_ID: '42',
  commission: '0',
};

/** The example changed and signed. Written apart from `signatures.ts`: it must not repeat its mistakes. */
export function formOf(change: Form = {}, word = WORD_2): Record<string, string> {
  const form = { ...EXAMPLE, ...change };
  const text = `${form.MERCHANT_ID}:${form.AMOUNT}:${word}:${form.MERCHANT_ORDER_ID}`;
  return { ...form, SIGN: createHash('md5').update(text).digest('hex') };
}

/** A form by POST, or the bytes of one. */
export function rawForm(
  form: Form | string | Buffer,
  change: Partial<RawWebhook> = {},
): RawWebhook {
  const isText = typeof form === 'string' || Buffer.isBuffer(form);
  return {
    method: 'POST',
    query: '',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(isText ? form : new URLSearchParams(form).toString()),
    remoteAddress: '168.119.157.136',
    receivedAt: new Date('2026-11-20T20:47:11Z'),
    ...change,
  };
}

/** The same form by GET. */
export function rawQuery(form: Form | string, change: Partial<RawWebhook> = {}): RawWebhook {
  const query = typeof form === 'string' ? form : new URLSearchParams(form).toString();
  return rawForm('', { method: 'GET', query, headers: {}, ...change });
}
