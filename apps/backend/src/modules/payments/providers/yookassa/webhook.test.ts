import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import { createAddressFilter, NetworkInvalid } from '../networks.ts';
import notices from './fixtures/notices.json' with { type: 'json' };
import { PUBLISHED_NETWORKS } from './networks.ts';
import { acknowledgeNotice, NOTICE_MAX_BYTES, verifyNotice } from './webhook.ts';

const isPublished = createAddressFilter(PUBLISHED_NETWORKS);

function raw(body: Buffer | string, change: Partial<RawWebhook> = {}): RawWebhook {
  return {
    method: 'POST',
    query: '',
    headers: { 'x-forwarded-for': '185.71.76.5' },
    body: Buffer.from(body),
    remoteAddress: '185.71.76.5',
    receivedAt: new Date('2026-11-20T20:47:11Z'),
    ...change,
  };
}

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
function judge(given: RawWebhook): Notice | string {
  try {
    return verifyNotice(given, isPublished);
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

const payment = (change: object = {}, object: object = {}) =>
  JSON.stringify({
    ...notices.payment,
    ...change,
    object: { ...notices.payment.object, ...object },
  });

describe('the sender', () => {
  it('is known by the published networks', () => {
    expect([...PUBLISHED_NETWORKS].sort()).toEqual([...notices.senders.networks].sort());
  });
  it.each(notices.senders.accept)('may be %s', (address) => {
    expect(judge(raw(payment(), { remoteAddress: address }))).toMatchObject({ confirmed: false });
  });
  it.each(notices.senders.reject)('may not be "%s", whatever X-Forwarded-For says', (address) => {
    expect(judge(raw(payment(), { remoteAddress: address }))).toBe('sender_not_allowed');
  });
  it.each(['', '10.0.0.0/33', '10.0.0.0/', 'example.com', '10.0.0/8', '::1/129'])(
    'is not filtered by "%s", which is no network',
    (network) => {
      expect(() => createAddressFilter([network])).toThrow(NetworkInvalid);
    },
  );
});

describe('a notice', () => {
  it('is a hint: ids and labels, no claim', () => {
    expect(judge(raw(payment()))).toEqual({
      confirmed: false,
      event: 'payment.succeeded',
      reference: notices.payment.object.id,
      dedupeKey: `${notices.payment.object.id}:payment.succeeded:succeeded`,
      claims: undefined,
    });
  });

  it('of a refund names the payment, and is told apart by the refund', () => {
    const one = judge(raw(JSON.stringify(notices.refund)));
    expect(one).toMatchObject({
      reference: notices.refund.object.payment_id,
      dedupeKey: `${notices.refund.object.id}:refund.succeeded:succeeded`,
    });
    const orphan = { ...notices.refund.object, payment_id: undefined };
    expect(judge(raw(JSON.stringify({ ...notices.refund, object: orphan })))).toBe('malformed');
  });

  it('has the same key however its bytes differ, another for another state', () => {
    const key = (text: string) => {
      const notice = judge(raw(text));
      return typeof notice === 'string' ? notice : notice.dedupeKey;
    };
    expect(key(payment({ extra: 1 }))).toBe(key(payment()));
    expect(key(payment({ event: 'payment.canceled' }, { status: 'canceled' }))).not.toBe(
      key(payment()),
    );
  });

  it('of an event we do not know is still a hint', () => {
    expect(judge(raw(payment({ event: 'payment.disputed' })))).toMatchObject({
      confirmed: false,
      event: 'payment.disputed',
      reference: notices.payment.object.id,
    });
  });

  it.each<[string, RawWebhook, string]>([
    ['a GET', raw(payment(), { method: 'GET' }), 'malformed'],
    ['an empty body', raw(''), 'malformed'],
    ['bytes that are not UTF-8', raw(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['300 kB', raw(`${payment()}${' '.repeat(300_000)}`), 'oversized'],
    ['no notification', raw('{"event":"payment.succeeded"}'), 'unknown_event'],
    ['an array', raw('[]'), 'unknown_event'],
    ['an id with a path in it', raw(payment({}, { id: '../refunds/1' })), 'malformed'],
    ['an id as a number', raw(payment({}, { id: 7 })), 'malformed'],
    ['an endless id', raw(payment({}, { id: 'a'.repeat(65) })), 'malformed'],
    ['a strange event', raw(payment({ event: 'payment succeeded' })), 'malformed'],
    ['a strange status', raw(payment({}, { status: 'a:b' })), 'malformed'],
  ])('is refused when it is %s', (_name, given, reason) => {
    expect(judge(given)).toBe(reason);
  });

  it('reads the largest body allowed', () => {
    const text = payment();
    const padded = text.padEnd(NOTICE_MAX_BYTES - (Buffer.byteLength(text) - text.length));
    expect(Buffer.byteLength(padded)).toBe(NOTICE_MAX_BYTES);
    expect(judge(raw(padded))).toMatchObject({ confirmed: false });
  });
});

describe('whatever comes in', () => {
  const neverMoney = (given: RawWebhook): void => {
    const result = judge(given);
    if (typeof result !== 'string') {
      expect(result).toMatchObject({ confirmed: false, claims: undefined });
      expect(result.reference).toMatch(/^[A-Za-z0-9-]{1,64}$/);
      expect(result.dedupeKey.length).toBeLessThanOrEqual(64 + 1 + 160 + 1 + 64);
    }
  };
  const unicode = fc.constantFrom(
    'a',
    '"',
    '\\',
    '\0',
    'ё',
    '№',
    '🚀',
    '\u202e',
    '\ud800',
    '{',
    '1',
  );
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: unicode }),
    fc.integer().map(String),
    fc.constantFrom('constructor', '__proto__', null, true, -0, 1e308),
  );

  it('random bytes never pass and never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4_096 }), (bytes) => {
        neverMoney(raw(Buffer.from(bytes)));
      }),
    );
  });

  it('any JSON in any place is refused or is a hint', () => {
    const notice = fc.record({
      type: fc.oneof({ weight: 5, arbitrary: fc.constant('notification') }, anyValue),
      event: fc.oneof(
        fc.constantFrom('payment.succeeded', 'refund.succeeded', 'payout.succeeded', 'deal.closed'),
        anyValue,
      ),
      object: fc.oneof(
        fc.record(
          {
            id: fc.oneof(fc.uuid(), anyValue),
            status: fc.oneof(fc.constant('succeeded'), anyValue),
            paid: anyValue,
            payment_id: fc.oneof(fc.uuid(), anyValue),
            amount: anyValue,
          },
          { requiredKeys: [] },
        ),
        anyValue,
      ),
    });
    fc.assert(
      fc.property(notice, (value) => {
        neverMoney(raw(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('any text, deep nesting and large bodies are refused or are hints', () => {
    fc.assert(
      fc.property(fc.string({ unit: unicode, maxLength: 500 }), fc.nat(60_000), (text, depth) => {
        neverMoney(raw(text));
        const deep = `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;
        neverMoney(raw(deep));
        neverMoney(raw(`{"type":"notification","event":"payment.succeeded","object":${deep}}`));
      }),
      { numRuns: 30 },
    );
    neverMoney(raw('['.repeat(300 * 1024)));
  });
});

describe('the answer', () => {
  it('is 200 when accepted, 403 when refused, 400 when unreadable, always empty', () => {
    expect(acknowledgeNotice('accepted')).toEqual({ status: 200, headers: {}, body: '' });
    expect(acknowledgeNotice('rejected', 'sender_not_allowed').status).toBe(403);
    expect(acknowledgeNotice('rejected', 'malformed').status).toBe(400);
    expect(acknowledgeNotice('rejected', 'oversized').body).toBe('');
  });
});
