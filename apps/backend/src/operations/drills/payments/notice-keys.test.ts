import { describe, expect, it } from 'vitest';
import { noticeKey } from './notice-keys.ts';

const URL = 'http://127.0.0.1:5001/webhooks/payments/x';

describe('the key of a notice', () => {
  it('begins with the object and what happened to it, in the form of each vendor', () => {
    const sent: [string, unknown, string][] = [
      [
        'yookassa',
        { event: 'payment.succeeded', object: { id: 'a', status: 'succeeded' } },
        'a:payment.succeeded:succeeded',
      ],
      [
        'stripe',
        { type: 'charge.refunded', data: { object: { id: 'ch_1' } } },
        'ch_1:charge.refunded:',
      ],
      [
        'paypal',
        { event_type: 'CUSTOMER.DISPUTE.CREATED', resource: { dispute_id: 'PP-1' } },
        'PP-1:CUSTOMER.DISPUTE.CREATED:',
      ],
      ['cryptopay', { payload: { invoice_id: 7 } }, '7:invoice_paid:'],
      ['tribute', { name: 'shop_order', payload: { uuid: 'u' } }, 'u:shop_order:'],
    ];
    for (const [vendor, body, key] of sent) {
      expect(noticeKey(vendor, { url: URL, body: JSON.stringify(body) })).toBe(key);
    }
  });

  it('keeps all digits of an id that is no number of this language', () => {
    const body = '{"PaymentId":40005842582345678912,"Status":"CONFIRMED"}';
    expect(noticeKey('tkassa', { url: URL, body })).toBe('40005842582345678912:CONFIRMED:');
  });

  it('is read from a query or a form too', () => {
    expect(noticeKey('freekassa', { url: `${URL}?intid=9`, body: '' })).toBe('9:payment');
    expect(noticeKey('freekassa', { url: URL, body: 'intid=9&AMOUNT=1' })).toBe('9:payment');
  });
});
