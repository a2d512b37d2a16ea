import { money, Secret } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import { anyBody, anyJson } from '@opora/testkit';
import { NOTICE_MAX_BYTES } from '../signed-json.ts';
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { SECRET_HEADER, verifyNotice } from './webhook.ts';

const SECRET = 'Zx9_secret-TOKEN_0001';

function raw(body: Buffer | string, secret = SECRET): RawWebhook {
  return {
    ...{ method: 'POST' as const, query: '', headers: { [SECRET_HEADER]: secret } },
    body: Buffer.from(body),
    remoteAddress: '149.154.167.220',
    receivedAt: new Date('2026-11-20T20:47:11Z'),
  };
}

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
function judge(given: RawWebhook, secret = SECRET): Notice | string {
  try {
    return verifyNotice(given, new Secret(secret));
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

const [paid, asked] = vectors;
if (paid === undefined || asked === undefined) throw new Error('no vector');
const text = paid.body_utf8;
const refunded = text.replace('successful_payment', 'refunded_payment');

describe('the vectors of the documents', () => {
  it.each(vectors)('$id: $what', ({ secret_token, headers, body_base64, verdict, must_not }) => {
    expect(secret_token).toBe(SECRET);
    const given = headers['x-telegram-bot-api-secret-token'] ?? '';
    const result = judge(raw(Buffer.from(body_base64, 'base64'), given));
    if (verdict === 'reject') expect(result).toBe('signature');
    else {
      const state = must_not === 'credit' ? 'pending' : 'settled';
      expect(result).toMatchObject({ confirmed: true, claims: { state } });
    }
  });
});

describe('an update about Stars', () => {
  it('names its charge, never its payload, as the money', () => {
    expect(judge(raw(text))).toEqual({
      confirmed: true,
      event: 'successful_payment',
      reference: 'stxAbCdEf0123456789',
      dedupeKey: 'stxAbCdEf0123456789:successful_payment',
      claims: {
        reference: 'stxAbCdEf0123456789',
        state: 'settled',
        amount: money(250n, 'XTR'),
        refunded: money(0n, 'XTR'),
        paymentId: 'pay_01JD0009',
        reason: undefined,
        createdAt: new Date(1_763_680_000_000),
        isTest: false,
      },
    });
  });

  it('is another one for another charge of the same invoice, and for a refund', () => {
    const keys = [text, text.replace('stxAbC', 'stxXyZ'), refunded].map((body) => {
      const notice = judge(raw(body));
      return typeof notice === 'string' ? notice : notice.dedupeKey;
    });
    expect(new Set(keys).size).toBe(3);
    expect(judge(raw(refunded))).toMatchObject({ claims: { refunded: money(250n, 'XTR') } });
  });

  it('is the same one when it comes again under another number', () => {
    expect(judge(raw(text.replace('900000001', '900000002')))).toEqual(judge(raw(text)));
  });

  it.each<[string, RawWebhook, string]>([
    ['a GET', { ...raw(text), method: 'GET' }, 'malformed'],
    ['not JSON', raw('{'), 'malformed'],
    ['bytes that are not UTF-8', raw(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['too large', raw(text.padEnd(NOTICE_MAX_BYTES * 4)), 'oversized'],
    ['a message of somebody', raw('{"message":{"text":"successful_payment"}}'), 'unknown_event'],
    ['in another currency', raw(text.replace('XTR', 'RUB')), 'malformed'],
    ['of no stars', raw(text.replace('250', '0')), 'malformed'],
    ['of stars as text', raw(text.replace('250', '"250"')), 'malformed'],
    ['of a part of a star', raw(text.replace('250', '0.5')), 'malformed'],
    ['without its charge', raw(text.replace('telegram_payment_charge_id', 'id')), 'malformed'],
    ['a question about somebody else', raw(asked.body_utf8.replace('pay_', 'x')), 'malformed'],
  ])('is refused when it is %s', (_name, given, reason) => {
    expect(judge(given)).toBe(reason);
  });

  it('proves nothing while no secret is set', () => {
    expect(judge(raw(text, ''), '')).toBe('signature');
    expect(judge({ ...raw(text), headers: {} }, '')).toBe('signature');
  });
});

describe('whatever comes in', () => {
  it('without the secret is refused as such, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBody, fc.string(), (body, secret) => {
        expect(['signature', 'oversized']).toContain(judge(raw(body, secret)));
      }),
    );
  });

  it('with the secret is refused or is a notice, never money that is not said', () => {
    const sum = fc.record(
      {
        currency: fc.oneof(fc.constant('XTR'), anyJson),
        total_amount: fc.oneof(fc.constant(250), anyJson),
        invoice_payload: fc.oneof(fc.constant('pay_01JD0009'), anyJson),
        telegram_payment_charge_id: fc.oneof(fc.constant('stx'), anyJson),
      },
      { requiredKeys: [] },
    );
    const update = fc.record(
      {
        message: fc.oneof(
          fc.record({ date: fc.oneof(fc.constant(1), anyJson), successful_payment: sum }),
          fc.record({ date: fc.constant(1), refunded_payment: sum }),
          anyJson,
        ),
        pre_checkout_query: fc.oneof(anyJson, sum),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(update, anyJson), (value) => {
        const result = judge(raw(JSON.stringify(value)));
        if (typeof result === 'string' || result.claims?.state !== 'settled') return;
        const said = { currency: 'XTR', telegram_payment_charge_id: result.reference };
        const event = result.event;
        expect(value).toMatchObject({ message: { [event]: said } });
        expect(result.claims.amount.minor).toBeGreaterThan(0n);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(anyBody, (body) => {
        expect(typeof judge(raw(body))).toBe('string');
      }),
      { numRuns: 50 },
    );
  });
});
