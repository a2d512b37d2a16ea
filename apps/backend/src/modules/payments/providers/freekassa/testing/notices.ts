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
  return { ...form, SIGN: signFor(form, word) };
}

function signFor(form: Form, word: string): string {
  const { MERCHANT_ID = '', AMOUNT = '', MERCHANT_ORDER_ID = '' } = form;
  return createHash('md5')
    .update([MERCHANT_ID, AMOUNT, word, MERCHANT_ORDER_ID].join(':'))
    .digest('hex');
}

/** The fields of a JSON object as a form with its true signature; anything else as it is. */
export function resigned(text: Buffer | string): Form | Buffer {
  try {
    const value: unknown = JSON.parse(text.toString());
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error();
    const { SIGN: _old, ...form } = Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        typeof one === 'string' ? one : JSON.stringify(one),
      ]),
    );
    return { ...form, SIGN: signFor(form, WORD_2) };
  } catch {
    return Buffer.from(text);
  }
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
