import { money } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RawWebhook } from '../../provider.ts';
import events from './fixtures/events.json' with { type: 'json' };
import { completed, judge, raw, text, TIME, withHeaders } from './testing/notices.ts';
import { acknowledgeNotice, NOTICE_MAX_BYTES } from './webhook.ts';

describe('a signed notice', () => {
  it('of a capture claims the payment of its order', async () => {
    expect(await judge(raw(completed))).toEqual({
      confirmed: true,
      event: 'PAYMENT.CAPTURE.COMPLETED',
      reference: '5O190127TN364715T',
      dedupeKey: '42311647XV020574X:PAYMENT.CAPTURE.COMPLETED:COMPLETED',
      claims: {
        reference: '5O190127TN364715T',
        state: 'settled',
        amount: money(49_900n, 'USD'),
        refunded: money(0n, 'USD'),
        paymentId: 'pay_01JD0005',
        reason: undefined,
        createdAt: new Date('2026-11-20T20:46:59Z'),
        isTest: true,
      },
    });
  });

  it.each([
    [{ status: 'PENDING' }, 'pending'],
    [{ status: 'DECLINED' }, 'cancelled'],
    [{ status: 'completed' }, 'unrecognised'],
    [{ status: 'APPROVED' }, 'unrecognised'],
    [{ amount: { currency_code: 'USD', value: 499 } }, undefined],
    [{ amount: { currency_code: 'JPY', value: '499' } }, undefined],
    [{ supplementary_data: {} }, undefined],
  ])('of a capture with %j claims %s', async (resource, state) => {
    const notice = await judge(raw(text(events.completed, {}, resource)));
    expect(notice).toMatchObject({ confirmed: true });
    expect(typeof notice === 'string' ? notice : notice.claims?.state).toBe(state);
  });

  it.each([
    ['an approval', events.approved, '5O190127TN364715T', '5O190127TN364715T:APPROVED'],
    ['a refund', events.refunded, 'capture:42311647XV020574X', '1JU08902781691411:COMPLETED'],
    ['a dispute', events.disputed, 'capture:42311647XV020574X', 'PP-D-4012:OPEN'],
  ])('of %s names its payment and is no money', async (_name, event, reference, key) => {
    const [id, status] = key.split(':');
    expect(await judge(raw(text(event)))).toEqual({
      confirmed: true,
      event: event.event_type,
      reference,
      dedupeKey: `${id ?? ''}:${event.event_type}:${status ?? ''}`,
      claims: undefined,
    });
  });

  it('has one key for one state of one object, whatever else differs', async () => {
    const keyOf = async (body: string) => {
      const notice = await judge(raw(body));
      return typeof notice === 'string' ? notice : notice.dedupeKey;
    };
    const again = { id: 'WH-OTHER', summary: 'again' };
    expect(await keyOf(text(events.completed, again))).toBe(await keyOf(completed));
    expect(await keyOf(text(events.refunded, {}, { id: '2JU' }))).not.toBe(
      await keyOf(text(events.refunded)),
    );
  });

  it.each<[string, RawWebhook, string]>([
    ['a foreign sender', raw(completed, { remoteAddress: '192.0.2.1' }), 'sender_not_allowed'],
    ['a GET', raw(completed, { method: 'GET' }), 'malformed'],
    ['an empty body', raw(''), 'malformed'],
    ['bytes that are not UTF-8', raw(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['300 kB', raw(`${completed}${' '.repeat(300_000)}`), 'oversized'],
    ['an array', raw('[]'), 'malformed'],
    ['no event', raw('{"resource":{}}'), 'malformed'],
    ['an id with a path in it', raw(text(events.completed, {}, { id: '../1' })), 'malformed'],
    ['an id as a number', raw(text(events.completed, {}, { id: 7 })), 'malformed'],
    ['a refund of nothing', raw(text(events.refunded, {}, { links: [] })), 'malformed'],
    ['a strange state', raw(text(events.completed, {}, { status: 'a:b' })), 'malformed'],
    [
      'a sale',
      raw(text(events.completed, { event_type: 'PAYMENT.SALE.COMPLETED' })),
      'unknown_event',
    ],
    [
      'a plan',
      raw(text(events.completed, { event_type: 'BILLING.PLAN.CREATED' })),
      'unknown_event',
    ],
  ])('is refused when it is %s', async (_name, given, reason) => {
    expect(await judge(given)).toBe(reason);
  });

  it('is read up to the largest body allowed', async () => {
    const padded = completed.padEnd(NOTICE_MAX_BYTES - 8);
    expect(await judge(raw(padded))).toMatchObject({ confirmed: true });
  });
});

describe('whatever comes in', () => {
  /** Settled only when a capture itself says so in the one right word. */
  const neverFalseMoney = async (given: RawWebhook): Promise<void> => {
    const result = await judge(given);
    if (typeof result === 'string') return;
    expect(result.reference).toMatch(/^(?:capture:)?[A-Z0-9-]{1,64}$/);
    if (result.claims?.state !== 'settled') return;
    const { resource } = JSON.parse(given.body.toString()) as { resource: { status: string } }; // it was read
    expect(resource.status).toMatch(/^(?:COMPLETED|PARTIALLY_REFUNDED|REFUNDED)$/);
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

  it('random bytes and random headers never pass and never crash', async () => {
    const values = fc.record({ sig: fc.base64String(), id: fc.string(), time: fc.string() });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 4_096 }), values, async (bytes, mark) => {
        expect(await judge(raw(Buffer.from(bytes)))).toBe('malformed');
        const headers = {
          'paypal-transmission-sig': mark.sig,
          'paypal-transmission-id': mark.id,
          'paypal-transmission-time': mark.time,
        };
        expect(await judge(withHeaders(completed, headers))).toBe('signature');
      }),
    );
  });

  it('any signed JSON in any place is refused or claims no more than it says', async () => {
    const amount = fc.record({
      currency_code: fc.oneof(fc.constantFrom('USD', 'JPY'), anyValue),
      value: fc.oneof(fc.constantFrom('4.99', '-4.99', '4.999', '1e3'), anyValue),
    });
    const resource = fc.record(
      {
        id: fc.oneof(fc.constant('42311647XV020574X'), anyValue),
        status: fc.oneof(fc.constantFrom('COMPLETED', 'PENDING'), anyValue),
        amount: fc.oneof(amount, anyValue),
        custom_id: anyValue,
        supplementary_data: fc.oneof(
          fc.constant({ related_ids: { order_id: '5O190127TN364715T' } }),
          anyValue,
        ),
        disputed_transactions: anyValue,
        links: fc.oneof(fc.array(fc.record({ rel: fc.constant('up'), href: anyValue })), anyValue),
      },
      { requiredKeys: ['id'] },
    );
    const type = fc.constantFrom(
      'PAYMENT.CAPTURE.COMPLETED',
      'PAYMENT.CAPTURE.REFUNDED',
      'CHECKOUT.ORDER.APPROVED',
      'CUSTOMER.DISPUTE.CREATED',
    );
    const event = fc.record({
      event_type: fc.oneof({ weight: 5, arbitrary: type }, anyValue),
      create_time: fc.oneof(fc.constant(TIME), anyValue),
      resource: fc.oneof({ weight: 5, arbitrary: resource }, anyValue),
    });
    await fc.assert(
      fc.asyncProperty(event, async (value) => {
        await neverFalseMoney(raw(JSON.stringify(value)));
      }),
      { numRuns: 300 },
    );
  });

  it('repeated keys are read as the last one says, in the claim and in the key alike', async () => {
    const twice = completed.replace(
      '"status":"COMPLETED"',
      '"status":"COMPLETED","status":"PENDING"',
    );
    expect(await judge(raw(twice))).toMatchObject({
      claims: { state: 'pending' },
      dedupeKey: '42311647XV020574X:PAYMENT.CAPTURE.COMPLETED:PENDING',
    });
  });

  it('deep nesting, any text and a megabyte are refused in time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: unicode, maxLength: 500 }),
        fc.nat(60_000),
        async (any, depth) => {
          await neverFalseMoney(raw(any));
          const deep = `${'{"a":['.repeat(depth)}1${']'.repeat(depth)}`;
          await neverFalseMoney(raw(deep));
          await neverFalseMoney(
            raw(`{"event_type":"PAYMENT.CAPTURE.COMPLETED","resource":${deep}}`),
          );
        },
      ),
      { numRuns: 30 },
    );
    expect(await judge(raw('['.repeat(1_048_576)))).toBe('oversized');
    expect(await judge(raw('['.repeat(NOTICE_MAX_BYTES)))).toBe('malformed');
  });
});

describe('the answer', () => {
  it('is 2xx also to a signed event of no use, or the vendor would repeat it for days', () => {
    expect(acknowledgeNotice('accepted')).toEqual({ status: 200, headers: {}, body: '' });
    expect(acknowledgeNotice('rejected', 'unknown_event').status).toBe(200);
    expect(acknowledgeNotice('rejected', 'signature').status).toBe(400);
    expect(acknowledgeNotice('rejected', 'sender_not_allowed').status).toBe(403);
    expect(acknowledgeNotice('rejected', 'oversized').status).toBe(413);
  });
});
