import { createHash, createHmac } from 'node:crypto';
import { money, Secret } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import { anyBody, anyJson } from '@opora/testkit';
import { NOTICE_MAX_BYTES } from '../signed-json.ts';
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { signingOf, verifyNotice } from './webhook.ts';

const TOKEN = '123456789:AAzQcZWQqQAbsfgPnOLr4FHC8Doa4L7KryC';
const HEADER = 'crypto-pay-api-signature';
const signing = signingOf(new Secret(TOKEN));

function raw(body: Buffer, headers: RawWebhook['headers']): RawWebhook {
  return {
    ...{ method: 'POST' as const, query: '', headers, body },
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-20T20:47:11Z'),
  };
}

function sign(body: Buffer | string): string {
  const key = createHash('sha256').update(TOKEN).digest();
  return createHmac('sha256', key).update(body).digest('hex');
}

const signed = (text: string): RawWebhook => raw(Buffer.from(text), { [HEADER]: sign(text) });

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
function judge(given: RawWebhook): Notice | string {
  try {
    return verifyNotice(given, signing, false);
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

const [paid] = vectors;
if (paid === undefined) throw new Error('no vector');
const text = paid.body_utf8;

describe('the vectors of the documents', () => {
  it.each(vectors)('$id: $what', ({ token, headers, body_base64, verdict }) => {
    expect(token).toBe(TOKEN);
    const given = Object.entries(headers).filter((pair): pair is [string, string] => !!pair[1]);
    const result = judge(raw(Buffer.from(body_base64, 'base64'), Object.fromEntries(given)));
    if (verdict === 'accept') expect(result).toMatchObject({ confirmed: true });
    else expect(result).toBe('signature');
  });

  it('refuse keys that are nearly the right one', () => {
    const wrong = [paid.wrong_if_key_is_hex_text_of_sha256, paid.wrong_if_key_is_the_token_itself];
    for (const signature of wrong) {
      expect(judge(raw(Buffer.from(text), { [HEADER]: signature ?? '' }))).toBe('signature');
    }
  });
});

describe('a notice', () => {
  it('names the invoice, and claims its price', () => {
    expect(judge(signed(text))).toEqual({
      confirmed: true,
      event: 'invoice_paid',
      reference: '777001',
      dedupeKey: '777001:invoice_paid:paid',
      claims: {
        reference: '777001',
        state: 'settled',
        amount: money(49_900n, 'RUB'),
        refunded: money(0n, 'RUB'),
        paymentId: 'pay_01JD0006',
        reason: undefined,
        createdAt: new Date('2026-11-20T20:40:00Z'),
        isTest: false,
        countsAlone: true,
      },
    });
  });

  it('is the same however its update is numbered, another for another invoice', () => {
    const key = (body: string) => {
      const notice = judge(signed(body));
      return typeof notice === 'string' ? notice : notice.dedupeKey;
    };
    expect(key(text.replace('"update_id":1', '"update_id":99'))).toBe(key(text));
    expect(key(text.replace('777001', '777002'))).not.toBe(key(text));
  });

  it('never claims money for a status it does not know', () => {
    const odd = judge(signed(text.replace('"status":"paid"', '"status":"partially_paid"')));
    expect(odd).toMatchObject({ claims: { state: 'unrecognised' } });
  });

  it.each<[string, RawWebhook, string]>([
    ['a GET', { ...signed(text), method: 'GET' }, 'malformed'],
    ['not JSON', signed('{'), 'malformed'],
    [
      'bytes that are not UTF-8',
      raw(Buffer.from([0xff]), { [HEADER]: sign(Buffer.from([0xff])) }),
      'malformed',
    ],
    ['too large', signed(text.padEnd(NOTICE_MAX_BYTES * 4)), 'oversized'],
    ['of another event', signed(text.replace('invoice_paid', 'invoice_made')), 'unknown_event'],
    ['without an invoice', signed('{"update_type":"invoice_paid"}'), 'malformed'],
    ['of an invoice with a path in its id', signed(text.replace('777001', '"../1"')), 'malformed'],
    [
      'signed in capitals',
      raw(Buffer.from(text), { [HEADER]: sign(text).toUpperCase() }),
      'signature',
    ],
    [
      'signed twice',
      raw(Buffer.from(text), { [HEADER]: `${sign(text)}, ${sign(text)}` }),
      'signature',
    ],
    ['signed with less', raw(Buffer.from(text), { [HEADER]: sign(text).slice(2) }), 'signature'],
  ])('is refused when it is %s', (_name, given, reason) => {
    expect(judge(given)).toBe(reason);
  });
});

describe('whatever comes in', () => {
  it('unsigned is refused as unsigned, whatever its bytes', () => {
    fc.assert(
      fc.property(anyBody, fc.string(), (body, signature) => {
        expect(['signature', 'oversized']).toContain(judge(raw(body, { [HEADER]: signature })));
      }),
    );
  });

  it('any changed byte is noticed', () => {
    const bytes = Buffer.from(text);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const other = Buffer.from(bytes);
        other[at] = (other[at] ?? 0) ^ change;
        expect(judge(raw(other, { [HEADER]: sign(text) }))).toBe('signature');
      }),
    );
  });

  it('signed, any JSON in any place is refused or is a notice that claims what it says', () => {
    const body = fc.record({
      update_type: fc.oneof({ weight: 5, arbitrary: fc.constant('invoice_paid') }, anyJson),
      payload: fc.oneof(
        fc.record({
          invoice_id: fc.oneof(fc.constant(777_001), anyJson),
          status: fc.oneof(fc.constantFrom('paid', 'active', 'constructor'), anyJson),
          currency_type: fc.oneof(fc.constant('fiat'), anyJson),
          fiat: fc.oneof(fc.constant('RUB'), anyJson),
          amount: fc.oneof(fc.constant('499'), anyJson),
          payload: anyJson,
          created_at: fc.oneof(fc.constant('2026-11-20T20:40:00Z'), anyJson),
        }),
        anyJson,
      ),
    });
    fc.assert(
      fc.property(body, (value) => {
        const result = judge(signed(JSON.stringify(value)));
        if (typeof result === 'string') return;
        expect(result.reference).toMatch(/^[1-9]\d{0,18}$/);
        if (result.claims?.state === 'settled') {
          expect(value).toMatchObject({ payload: { status: 'paid', currency_type: 'fiat' } });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('signed, deep nesting, repeated keys and large bodies are refused or are notices', () => {
    const deep = `${'{"a":['.repeat(20_000)}1${']}'.repeat(20_000)}`;
    expect(judge(signed(deep))).toBe('malformed');
    expect(judge(signed('['.repeat(200_000)))).toBe('malformed');
    // The last of repeated keys counts, here as in the vendor's own parsers.
    const repeated = judge(signed(text.replace('"amount":"499"', '"amount":"1","amount":"499"')));
    expect(repeated).toMatchObject({ claims: { amount: money(49_900n, 'RUB') } });
  });
});
