import { createHmac } from 'node:crypto';
import { money } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import events from './fixtures/events.json' with { type: 'json' };
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { checkSignature } from './signature.ts';
import { majorOf, unitsOf } from './sums.ts';
import { acknowledgeNotice, NOTICE_MAX_BYTES, verifyNotice } from './webhook.ts';

const SECRET = 'whsec_5WbX5kEWLlfzsGNjH64I8lOOqUB6e8FH';
const NOW = 1_795_207_600;

function raw(body: Buffer | string, change: Partial<RawWebhook> = {}): RawWebhook {
  const bytes = Buffer.from(body);
  return {
    method: 'POST',
    query: '',
    headers: { 'stripe-signature': `t=${String(NOW)},v1=${sign(bytes)}` },
    body: bytes,
    remoteAddress: '203.0.113.7',
    receivedAt: new Date(NOW * 1000),
    ...change,
  };
}

function sign(body: Buffer | string, secret = SECRET, time = NOW): string {
  return createHmac('sha256', secret)
    .update(`${String(time)}.`)
    .update(body)
    .digest('hex');
}

const header = (text: string): Partial<RawWebhook> => ({ headers: { 'stripe-signature': text } });

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
function judge(given: RawWebhook, secrets: readonly string[] = [SECRET]): Notice | string {
  try {
    const isSenderAllowed = (address: string): boolean => address !== '192.0.2.1';
    return verifyNotice(given, { secrets, isSenderAllowed, checkSignature });
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

type Event = Readonly<{ type: string; data: { object: object } }>;
const text = (event: Event, change: object = {}, object: object = {}): string =>
  JSON.stringify({ ...event, data: { object: { ...event.data.object, ...object } }, ...change });
const keyOf = (body: string): string => {
  const notice = judge(raw(body));
  return typeof notice === 'string' ? notice : notice.dedupeKey;
};

describe('the signature', () => {
  it.each(vectors)('$id: $what', ({ secret, now, headers, body_base64: body, ...expected }) => {
    const given = {
      headers,
      receivedAt: new Date(now * 1000),
    };
    const result = judge(raw(Buffer.from(body, 'base64'), given), [secret]);
    if (expected.verdict === 'accept') expect(result).toMatchObject({ confirmed: true });
    else expect(result).toBe(expected.id === 'stripe-3' ? 'stale' : 'signature');
    if (expected.expected_signature_hex === undefined) return;
    const time = Number(/t=(\d+)/.exec(headers['stripe-signature'])?.[1]);
    expect(sign(Buffer.from(body, 'base64'), secret, time)).toBe(expected.expected_signature_hex);
  });

  const body = text(events.completed);
  const good = sign(body);

  it('may be made with any of our secrets, wherever it stands among others', () => {
    expect(judge(raw(body), ['whsec_new', SECRET])).toMatchObject({ confirmed: true });
    const among = header(`v1=${'0'.repeat(64)},v0=${good}, v1=${good} ,t=${String(NOW)},v2=x`);
    expect(judge(raw(body, among))).toMatchObject({ confirmed: true });
    expect(judge(raw(body), ['whsec_new'])).toBe('signature');
    expect(judge(raw(body), [])).toBe('signature');
  });

  it('holds for 300 seconds, backwards and forwards', () => {
    const after = (seconds: number) =>
      judge(raw(body, { receivedAt: new Date((NOW + seconds) * 1000) }));
    expect([after(300), after(-300)]).toMatchObject([{ confirmed: true }, { confirmed: true }]);
    expect([after(301), after(-301), after(86_400)]).toEqual(['stale', 'stale', 'stale']);
  });

  it.each([
    ['none', {}],
    ['an empty one', { 'stripe-signature': '' }],
    ['no time', { 'stripe-signature': `v1=${good}` }],
    ['two times', { 'stripe-signature': `t=${String(NOW)},t=1,v1=${good}` }],
    ['a header that came twice', { 'stripe-signature': `t=1,v1=x, t=${String(NOW)},v1=${good}` }],
    ['a time that is none', { 'stripe-signature': `t=1e9,v1=${good}` }],
    ['another time', { 'stripe-signature': `t=${String(NOW + 1)},v1=${good}` }],
    ['a short mark', { 'stripe-signature': `t=${String(NOW)},v1=${good.slice(2)}` }],
    ['a long mark', { 'stripe-signature': `t=${String(NOW)},v1=${good}00` }],
    ['an empty mark', { 'stripe-signature': `t=${String(NOW)},v1=` }],
    ['capital letters', { 'stripe-signature': `t=${String(NOW)},v1=${good.toUpperCase()}` }],
    ['a thousand marks', { 'stripe-signature': `t=${String(NOW)}${`,v1=${good}`.repeat(1_000)}` }],
  ])('is refused when there is %s', (_name, headers: Record<string, string>) => {
    expect(judge(raw(body, { headers }))).toBe('signature');
  });

  it('covers the bytes, not what they mean', () => {
    const spaced = JSON.stringify(events.completed, undefined, 1);
    const escaped = body.replace('pay_01JD0005', '\\u0070ay_01JD0005');
    const crooked = Buffer.concat([Buffer.from(body), Buffer.from([0x20])]);
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]);
    const mark = header(`t=${String(NOW)},v1=${good}`);
    for (const other of [spaced, escaped, crooked, marked]) {
      expect(judge(raw(other, mark))).toBe('signature');
      expect(judge(raw(other))).toMatchObject({ confirmed: true });
    }
  });

  it('fails for every single changed byte', () => {
    fc.assert(
      fc.property(
        fc.nat(Buffer.byteLength(body) - 1),
        fc.integer({ min: 1, max: 255 }),
        (at, by) => {
          const bytes = Buffer.from(body);
          bytes[at] = (bytes[at] ?? 0) ^ by;
          expect(judge(raw(bytes, header(`t=${String(NOW)},v1=${good}`)))).toBe('signature');
        },
      ),
    );
  });
});

describe('a signed notice', () => {
  it('of a paid session claims the payment', () => {
    expect(judge(raw(text(events.completed)))).toEqual({
      confirmed: true,
      event: 'checkout.session.completed',
      reference: 'cs_test_a1b2c3d4',
      dedupeKey: 'cs_test_a1b2c3d4:checkout.session.completed:complete/paid',
      claims: {
        reference: 'cs_test_a1b2c3d4',
        state: 'settled',
        amount: money(49_900n, 'USD'),
        refunded: money(0n, 'USD'),
        paymentId: 'pay_01JD0005',
        reason: undefined,
        createdAt: new Date('2026-11-20T20:46:30Z'),
        isTest: true,
      },
    });
  });

  it.each([
    [{ payment_status: 'unpaid' }, 'pending'],
    [{ payment_status: 'no_payment_required' }, 'unrecognised'],
    [{ status: 'open' }, 'unrecognised'],
    [{ payment_status: 'PAID' }, 'unrecognised'],
    [{ mode: 'subscription' }, 'unrecognised'],
    [{ mode: 'setup', amount_total: null }, undefined],
    [{ amount_total: '49900' }, undefined],
    [{ currency: 'jpy' }, undefined],
  ])('of a session with %j claims %s', (object, state) => {
    const notice = judge(raw(text(events.completed, {}, object)));
    expect(notice).toMatchObject({ confirmed: true });
    expect(typeof notice === 'string' ? notice : notice.claims?.state).toBe(state);
  });

  it('of a test says so, also when it says nothing', () => {
    const isTest = (event: object, object: object) => {
      const notice = judge(raw(text(events.completed, event, object)));
      return typeof notice === 'string' ? notice : notice.claims?.isTest;
    };
    expect(isTest({ livemode: true }, { livemode: false })).toBe(true);
    expect(isTest({ livemode: undefined }, { livemode: undefined })).toBe(true);
    expect(isTest({ livemode: false }, { livemode: true })).toBe(false);
  });

  it.each([
    ['a refund by its charge', events.refunded, 'ch_3SVtAa2eZvKYlo2C1:charge.refunded:10000'],
    ['a dispute', events.disputed, 'dp_1SVtAa2eZvKYlo2C:charge.dispute.created:needs_response'],
    ['a failed refund', events.refund_failed, 're_3SVtAa2eZvKYlo2C1:refund.failed:failed'],
  ])('of %s names the payment intent and claims nothing', (_name, event, dedupeKey) => {
    expect(judge(raw(text(event)))).toEqual({
      confirmed: true,
      event: event.type,
      reference: 'pi_3SVtAa2eZvKYlo2C1',
      dedupeKey,
      claims: undefined,
    });
  });

  it('has one key for one state of one object, whatever else differs', () => {
    const again = { id: 'evt_another', created: NOW + 9, pending_webhooks: 2 };
    expect(keyOf(text(events.refunded, again))).toBe(keyOf(text(events.refunded)));
    expect(keyOf(text(events.refunded, {}, { amount_refunded: 20_000 }))).not.toBe(
      keyOf(text(events.refunded)),
    );
  });

  it.each<[string, RawWebhook, string]>([
    [
      'a foreign sender',
      raw(text(events.completed), { remoteAddress: '192.0.2.1' }),
      'sender_not_allowed',
    ],
    ['a GET', raw(text(events.completed), { method: 'GET' }), 'malformed'],
    ['an empty body', raw(''), 'signature'],
    ['bytes that are not UTF-8', raw(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['300 kB', raw(`${text(events.completed)}${' '.repeat(300_000)}`), 'oversized'],
    ['an array', raw('[]'), 'malformed'],
    ['no event', raw('{"type":"charge.refunded"}'), 'malformed'],
    ['an id with a path in it', raw(text(events.completed, {}, { id: 'cs_../1' })), 'malformed'],
    ['an id as a number', raw(text(events.completed, {}, { id: 7 })), 'malformed'],
    [
      'a session event about something else',
      raw(text(events.completed, {}, { id: 'sub_1' })),
      'malformed',
    ],
    ['a strange state', raw(text(events.completed, {}, { status: 'a:b' })), 'malformed'],
    ['about an invoice', raw(text(events.completed, { type: 'invoice.paid' })), 'unknown_event'],
    ['about another account', raw(text(events.completed, { account: 'acct_1' })), 'unknown_event'],
  ])('is refused when it is %s', (_name, given, reason) => {
    expect(judge(given)).toBe(reason);
  });

  it('is read up to the largest body allowed', () => {
    const body = text(events.completed);
    expect(judge(raw(body.padEnd(NOTICE_MAX_BYTES)))).toMatchObject({ confirmed: true });
  });
});

describe('whatever comes in', () => {
  /** Settled only when the object itself says so in both words. */
  const neverFalseMoney = (given: RawWebhook): void => {
    const result = judge(given);
    if (typeof result === 'string') return;
    expect(result.reference).toMatch(/^(?:cs|pi|ch|py)_\w{1,200}$/);
    expect(result.dedupeKey.length).toBeLessThanOrEqual(211 + 1 + 320 + 1 + 200);
    if (result.claims?.state !== 'settled') return;
    const { data } = JSON.parse(given.body.toString()) as { data: { object: object } }; // it was read
    expect(data.object).toMatchObject({ status: 'complete', payment_status: 'paid' });
    expect(result.claims.amount.minor).toBeGreaterThanOrEqual(0n);
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

  it('random bytes never pass, signed or not, and never crash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 4_096 }), fc.string(), (bytes, mark) => {
        expect(judge(raw(Buffer.from(bytes)))).toBe('malformed');
        expect(judge(raw(Buffer.from(bytes), header(mark)))).toBe('signature');
      }),
    );
  });

  it('any signed JSON in any place is refused or claims no more than it says', () => {
    const object = fc.record(
      {
        id: fc.oneof(fc.constantFrom('cs_1', 'ch_1', 'dp_1'), anyValue),
        status: fc.oneof(fc.constantFrom('complete', 'open'), anyValue),
        payment_status: fc.oneof(fc.constantFrom('paid', 'unpaid'), anyValue),
        amount_total: fc.oneof(fc.nat(), anyValue),
        currency: fc.oneof(fc.constantFrom('usd', 'jpy'), anyValue),
        payment_intent: fc.oneof(fc.constantFrom('pi_1', null), anyValue),
        charge: anyValue,
        metadata: anyValue,
        created: fc.oneof(fc.nat(), anyValue),
      },
      { requiredKeys: ['id'] },
    );
    const event = fc.record(
      {
        type: fc.oneof(
          fc.constantFrom('checkout.session.completed', 'charge.refunded', 'invoice.paid'),
          anyValue,
        ),
        created: fc.oneof(fc.integer({ min: 1, max: 2e9 }), anyValue),
        livemode: fc.oneof(fc.boolean(), anyValue),
        data: fc.oneof({ weight: 5, arbitrary: fc.record({ object }) }, anyValue),
      },
      { requiredKeys: ['type'] },
    );
    fc.assert(
      fc.property(event, (value) => {
        neverFalseMoney(raw(JSON.stringify(value)));
      }),
      { numRuns: 500 },
    );
  });

  it('repeated keys are read as the last one says, in the claim and in the key alike', () => {
    const twice = text(events.completed).replace(
      '"payment_status":"paid"',
      '"payment_status":"paid","payment_status":"unpaid"',
    );
    const notice = judge(raw(twice));
    expect(notice).toMatchObject({ claims: { state: 'pending' } });
    expect(keyOf(twice)).toMatch(/complete\/unpaid$/);
  });

  it('deep nesting, any text and a megabyte are refused in time', () => {
    fc.assert(
      fc.property(fc.string({ unit: unicode, maxLength: 500 }), fc.nat(60_000), (any, depth) => {
        neverFalseMoney(raw(any));
        const deep = `${'{"a":['.repeat(depth)}1${']'.repeat(depth)}`;
        neverFalseMoney(raw(deep));
        neverFalseMoney(raw(`{"type":"charge.refunded","created":1,"data":{"object":${deep}}}`));
      }),
      { numRuns: 30 },
    );
    expect(judge(raw('['.repeat(1_048_576)))).toBe('oversized');
    expect(judge(raw('['.repeat(NOTICE_MAX_BYTES)))).toBe('malformed');
  });
});

describe('a sum', () => {
  it.each([
    ['4.99', 'USD', 499],
    ['0.05', 'EUR', 5],
    ['500', 'JPY', 500],
    ['5.000', 'KWD', 5_000],
    ['499.00', 'RUB', 49_900],
  ])('%s %s is %i smallest units, both ways', (major, code, units) => {
    expect(unitsOf(major, code)).toBe(String(units));
    expect(majorOf(units, code)).toBe(major);
  });

  it('that is no whole number of units is a bug of ours', () => {
    expect(() => unitsOf('5.50', 'JPY')).toThrow(/no whole number/);
    expect(unitsOf('5.00', 'JPY')).toBe('5');
  });
});

describe('the answer', () => {
  it('is 2xx also to a signed event of no use, or the vendor would switch the endpoint off', () => {
    expect(acknowledgeNotice('accepted')).toEqual({ status: 200, headers: {}, body: '' });
    expect(acknowledgeNotice('rejected', 'unknown_event').status).toBe(200);
    expect(acknowledgeNotice('rejected', 'signature').status).toBe(400);
    expect(acknowledgeNotice('rejected', 'stale').status).toBe(400);
    expect(acknowledgeNotice('rejected', 'sender_not_allowed').status).toBe(403);
    expect(acknowledgeNotice('rejected', 'oversized').status).toBe(413);
  });
});
