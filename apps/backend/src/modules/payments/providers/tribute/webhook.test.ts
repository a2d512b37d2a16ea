import { createHmac } from 'node:crypto';
import { money } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import { anyBody, anyJson } from '@opora/testkit';
import { NOTICE_MAX_BYTES } from '../signed-json.ts';
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { verifyNotice } from './webhook.ts';

const KEY = 'trb_api_key_3f9a2c';
const HEADER = 'trbt-signature';
const signing = { header: HEADER, key: Buffer.from(KEY), encoding: 'hex' } as const;

function raw(body: Buffer, signature: string): RawWebhook {
  return {
    ...{ method: 'POST' as const, query: '', headers: { [HEADER]: signature }, body },
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-20T20:47:11Z'),
  };
}

const sign = (body: Buffer | string) => createHmac('sha256', KEY).update(body).digest('hex');
const signed = (text: string): RawWebhook => raw(Buffer.from(text), sign(text));

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
function judge(given: RawWebhook): Notice | string {
  try {
    return verifyNotice(given, signing);
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

function keyOf(text: string): string {
  const notice = judge(signed(text));
  return typeof notice === 'string' ? notice : notice.dedupeKey;
}

const [paid] = vectors;
if (paid === undefined) throw new Error('no vector');
const text = paid.body_utf8;
const UUID = '550e8400-e29b-41d4-a716-446655440000';

describe('the vectors of the documents', () => {
  it.each(vectors)('$id: $what', ({ api_key, headers, body_base64, verdict }) => {
    expect(api_key).toBe(KEY);
    const result = judge(raw(Buffer.from(body_base64, 'base64'), headers[HEADER]));
    if (verdict === 'accept') expect(result).toMatchObject({ confirmed: true });
    else expect(result).toBe('signature');
  });
});

describe('a notice of the shop', () => {
  it('names its order, and claims what it says of it', () => {
    expect(judge(signed(text))).toEqual({
      confirmed: true,
      event: 'shop_order',
      reference: UUID,
      dedupeKey: `${UUID}:shop_order:paid::2026-11-20T20:46:39.33246Z`,
      claims: {
        reference: UUID,
        state: 'settled',
        amount: money(49_900n, 'RUB'),
        refunded: money(0n, 'RUB'),
        paymentId: 'pay_01JD0010',
        reason: undefined,
        createdAt: new Date('2026-11-20T20:46:39.332Z'),
        isTest: false,
        countsAlone: true,
      },
    });
  });

  it.each([
    'shop_order_payment_received',
    'shop_order_payment_failed',
    'shop_order_refunded',
    'shop_order_charge_success',
    'shop_order_prepaid',
  ])('called %s claims nothing: the order is read back', (name) => {
    const notice = judge(signed(text.replace('"shop_order"', `"${name}"`)));
    expect(notice).toMatchObject({ event: name, reference: UUID, claims: undefined });
  });

  it('is the same whenever it is sent again, another for another event of the order', () => {
    expect(keyOf(text.replace('40.542279448Z', '59.1Z'))).toBe(keyOf(text));
    expect(keyOf(text.replace('"shop_order"', '"shop_order_refunded"'))).not.toBe(keyOf(text));
    expect(keyOf(text.replace('"fee":3992', '"transactionId":7'))).not.toBe(keyOf(text));
  });

  it('never claims money for a status it does not know, or a sum it cannot read', () => {
    expect(judge(signed(text.replace('"paid"', '"chargeback"')))).toMatchObject({
      claims: { state: 'unrecognised' },
    });
    expect(judge(signed(text.replace('49900', '"49900"')))).toMatchObject({ claims: undefined });
  });

  it.each<[string, RawWebhook, string]>([
    ['a GET', { ...signed(text), method: 'GET' }, 'malformed'],
    ['not JSON', signed('{'), 'malformed'],
    ['too large', signed(text.padEnd(NOTICE_MAX_BYTES * 4)), 'oversized'],
    ['without an order', signed(text.replace('uuid', 'id')), 'malformed'],
    ['of an order with a path in its id', signed(text.replace(UUID, '../orders')), 'malformed'],
    ['without its time', signed(text.replace('created_at', 'made_at')), 'malformed'],
    ['signed twice', raw(Buffer.from(text), `${sign(text)}, ${sign(text)}`), 'signature'],
    ['signed in capitals', raw(Buffer.from(text), sign(text).toUpperCase()), 'signature'],
  ])('is refused when it is %s', (_name, given, reason) => {
    expect(judge(given)).toBe(reason);
  });
});

describe('a notice of something sold elsewhere', () => {
  const donation = (change: object = {}, createdAt = '2026-11-20T20:46:39Z') =>
    JSON.stringify({
      name: 'new_donation',
      created_at: createdAt,
      payload: { donation_request_id: 5, telegram_user_id: 1, amount: 100, ...change },
    });

  it('is taken, and is no payment of ours', () => {
    const notice = judge(signed(donation()));
    expect(notice).toMatchObject({ confirmed: true, event: 'new_donation', claims: undefined });
    expect(notice).toMatchObject({ reference: expect.stringMatching(/^elsewhere:[0-9a-f]{32}$/) });
  });

  it('is told from another donation through the same link', () => {
    const keys = [
      donation(),
      donation({ telegram_user_id: 2 }),
      donation({ amount: 200 }),
      donation({}, '2026-11-20T20:46:40Z'),
    ].map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keyOf(donation({ message: 'another' }))).toBe(keys[0]);
  });
});

describe('whatever comes in', () => {
  it('unsigned is refused as unsigned, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBody, fc.string(), (body, signature) => {
        expect(['signature', 'oversized']).toContain(judge(raw(body, signature)));
      }),
    );
  });

  it('any changed byte is noticed', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(bytes);
        other[at] = (other[at] ?? 0) ^ change;
        expect(judge(raw(other, sign(text)))).toBe('signature');
      }),
    );
  });

  it('signed, any JSON in any place is refused or is a notice that claims what it says', () => {
    const body = fc.record({
      name: fc.oneof(fc.constantFrom('shop_order', 'shop_order_refunded', 'x'), anyJson),
      created_at: fc.oneof(fc.constant('2026-11-20T20:46:39Z'), anyJson),
      payload: fc.oneof(
        fc.record({
          uuid: fc.oneof(fc.constant(UUID), anyJson),
          status: fc.oneof(fc.constantFrom('paid', 'prepaid', 'constructor'), anyJson),
          amount: fc.oneof(fc.constant(49_900), anyJson),
          currency: fc.oneof(fc.constant('rub'), anyJson),
          customerId: anyJson,
          transactionId: anyJson,
        }),
        anyJson,
      ),
    });
    fc.assert(
      fc.property(body, (value) => {
        const result = judge(signed(JSON.stringify(value)));
        if (typeof result === 'string') return;
        expect(result.reference).toMatch(/^(?:elsewhere:[0-9a-f]{32}|[0-9a-f-]{36})$/);
        if (result.claims?.state === 'settled') {
          expect(value).toMatchObject({ name: 'shop_order', payload: { status: 'paid' } });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('signed, deep nesting is refused', () => {
    const deep = `${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`;
    expect(judge(signed(deep))).toBe('malformed');
    expect(judge(signed('['.repeat(200_000)))).toBe('malformed');
    const mark = `{"name":"x","created_at":"2026-11-20T20","payload":{"amount":{"a":[]}}}`;
    expect(judge(signed(mark))).toBe('malformed');
  });
});
