import { Secret } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import { createAddressFilter } from '../networks.ts';
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { PUBLISHED_NETWORKS } from './networks.ts';
import { signCall, signLink, signNotice } from './signatures.ts';
import { formOf, rawForm, rawQuery, SHOP, WORD_2 } from './testing/notices.ts';
import { acknowledgeNotice, NOTICE_MAX_BYTES, verifyNotice, type NoticeJudge } from './webhook.ts';

const OURS: NoticeJudge = {
  shopId: SHOP,
  word2: new Secret(WORD_2),
  isSenderAllowed: createAddressFilter(PUBLISHED_NETWORKS),
};

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
async function judge(given: RawWebhook, by = OURS): Promise<Notice | string> {
  try {
    return await verifyNotice(given, by);
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

const keyOf = (said: Notice | string): string => (typeof said === 'string' ? said : said.dedupeKey);

describe('the published vectors', () => {
  const of = (kind: string) =>
    vectors.filter((one) => one.kind === kind).map((one) => [one.id, one] as const);
  const secret = (text: string | undefined) => new Secret(text ?? '');

  it.each(of('form'))('%s signs its link', (_id, one) => {
    const { m = '', oa = '', currency = '', o = '' } = one;
    const link = { shopId: m, sum: oa, currency, orderId: o };
    expect(signLink(link, secret(one.secret_word_1))).toBe(one.expected_signature_hex);
  });

  it.each(of('notification-sign'))('%s signs its notice', (_id, one) => {
    const { MERCHANT_ID = '', AMOUNT = '', MERCHANT_ORDER_ID = '' } = one;
    const notice = { shopId: MERCHANT_ID, sum: AMOUNT, orderId: MERCHANT_ORDER_ID };
    expect(signNotice(notice, secret(one.secret_word_2))).toBe(one.expected_signature_hex);
  });

  it.each(of('api-request'))('%s signs its call', (_id, one) => {
    const payload = one.payload as Record<string, string | number>; // two shapes of one kind
    expect(signCall(payload, secret(one.api_key))).toBe(one.expected_signature_hex);
  });

  it.each(of('notification'))('%s is judged as it says, by POST and by GET', async (_id, one) => {
    const body = Buffer.from(one.body_base64 ?? '', 'base64');
    const from = { remoteAddress: one.remote_ip ?? '' };
    const by = { ...OURS, word2: secret(one.secret_word_2) };
    for (const raw of [rawForm(body, from), rawQuery(body.toString(), from)]) {
      const said = await judge(raw, by);
      if (one.verdict === 'reject') expect(said).toBe('signature');
      else expect(said).toMatchObject({ confirmed: false, claims: undefined });
    }
  });

  it('are all here', () => {
    expect(vectors.map(({ kind }) => kind).toSorted()).toEqual([
      ...['api-request', 'api-request', 'form', 'form'],
      ...['notification', 'notification', 'notification', 'notification-sign'],
    ]);
  });
});

describe('a notice', () => {
  it('names an order of ours and claims nothing', async () => {
    expect(await judge(rawForm(formOf()))).toEqual({
      confirmed: false,
      event: 'payment',
      reference: 'pay_01JD0008',
      dedupeKey: '123456789:payment',
      claims: undefined,
    });
  });

  it('is the same by POST, by GET and as multipart', async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(formOf())) form.append(name, value);
    const sent = new Response(form);
    const headers = { 'content-type': sent.headers.get('content-type') ?? '' };
    const multipart = rawForm(Buffer.from(await sent.arrayBuffer()), { headers });
    const said = await Promise.all(
      [rawForm(formOf()), rawQuery(formOf()), multipart].map((one) => judge(one)),
    );
    expect(new Set(said.map(keyOf))).toEqual(new Set(['123456789:payment']));
    const doubled = Buffer.from(multipart.body.toString().replaceAll('commission', 'AMOUNT'));
    expect(await judge(rawForm(doubled, { headers }))).toBe('malformed');
  });

  it('keeps the sum as it came: equal money in other digits is another signature', async () => {
    for (const AMOUNT of ['499', '499.00', '499.5']) {
      expect(await judge(rawForm(formOf({ AMOUNT })))).toMatchObject({ event: 'payment' });
    }
    expect(await judge(rawForm({ ...formOf({ AMOUNT: '499' }), AMOUNT: '499.00' }))).toBe(
      'signature',
    );
  });

  it('is told apart by the order at the vendor: a second payment of one link is another', async () => {
    const other = await judge(rawForm(formOf({ intid: '123456790' })));
    expect(keyOf(other)).toBe('123456790:payment');
    const upper = { ...formOf(), SIGN: formOf()['SIGN']?.toUpperCase() ?? '' };
    expect(await judge(rawForm(upper))).toMatchObject({ event: 'payment' });
  });

  const text = new URLSearchParams(formOf()).toString();
  it.each<[string, RawWebhook, string]>([
    [
      'from elsewhere',
      rawForm(formOf(), { remoteAddress: '138.201.88.124' }),
      'sender_not_allowed',
    ],
    ['empty', rawForm(''), 'malformed'],
    ['JSON', rawForm('{}', { headers: { 'content-type': 'application/json' } }), 'malformed'],
    [
      'multipart without its parts',
      rawForm(text, { headers: { 'content-type': 'multipart/form-data; boundary=x' } }),
      'malformed',
    ],
    ['a GET with a body', rawQuery(text, { body: Buffer.from(text) }), 'malformed'],
    ['a POST with its fields in the address', rawForm('', { query: text }), 'malformed'],
    ['repeated in any field', rawForm(`${text}&us_x=1&us_x=1`), 'malformed'],
    ['repeated under an encoded name', rawForm(`${text}&%41MOUNT=499`), 'malformed'],
    ['repeated in the address', rawQuery(`AMOUNT=1&${text}`), 'malformed'],
    [
      'with an order number that holds a colon',
      rawForm(formOf({ MERCHANT_ORDER_ID: 'a:b' })),
      'malformed',
    ],
    ['with a sum that is none', rawForm(formOf({ AMOUNT: '499,00' })), 'malformed'],
    ['with a negative sum', rawForm(formOf({ AMOUNT: '-499' })), 'malformed'],
    ['without the number of the vendor', rawForm(formOf({ intid: '' })), 'malformed'],
    ['of thousands of fields', rawForm(`${text}${'&a=1'.repeat(10_000)}`), 'malformed'],
    ['of 70 kB', rawForm(`${text}&x=${'1'.repeat(70_000)}`), 'oversized'],
    ['of 70 kB in the address', rawQuery(`${text}&x=${'1'.repeat(70_000)}`), 'oversized'],
  ])('is refused when it is %s', async (_name, given, reason) => {
    expect(await judge(given)).toBe(reason);
  });

  it('reads the largest form allowed', async () => {
    const padded = `${text}&x=`.padEnd(NOTICE_MAX_BYTES, '1');
    expect(await judge(rawForm(padded))).toMatchObject({ event: 'payment' });
  });
});

describe('whatever comes in', () => {
  const unicode = fc.constantFrom(
    'a',
    '&',
    '=',
    '%',
    '+',
    '\0',
    'ё',
    '🚀',
    '\u202e',
    '\ud800',
    '1',
  );
  const anyText = fc.string({ unit: unicode, maxLength: 40 });
  const names = fc.oneof(
    fc.constantFrom(...Object.keys(formOf()), '__proto__', 'constructor', 'us_x'),
    anyText,
  );

  it('no changed byte of a signed form is taken for another payment', async () => {
    const text = Buffer.from(new URLSearchParams(formOf()).toString());
    const change = fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([at, flip]) => {
        const bytes = Buffer.from(text);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const said = await judge(rawForm(bytes));
        // `intid` is not signed: whatever it says, the same order of ours is read back.
        if (typeof said !== 'string') expect(said.reference).toBe('pay_01JD0008');
      }),
      { numRuns: 500 },
    );
  });

  it('nothing without the word passes, and nothing crashes', async () => {
    const pairs = fc.array(fc.tuple(names, anyText), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        pairs,
        fc.uint8Array({ maxLength: 2_048 }),
        anyText,
        async (some, raw, type) => {
          const text = new URLSearchParams(some).toString();
          const guess = new URLSearchParams(formOf({}, 'guess')).toString();
          const headers = { 'content-type': `multipart/form-data; boundary=${type}` };
          for (const body of [text, `${guess}&${text}`, Buffer.from(raw)]) {
            expect(typeof (await judge(rawForm(body)))).toBe('string');
            expect(typeof (await judge(rawForm(body, { headers })))).toBe('string');
            expect(typeof (await judge(rawQuery(body.toString())))).toBe('string');
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('anything signed is refused or is a hint', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, anyText), async (change) => {
        const said = await judge(rawForm(formOf(change)));
        if (typeof said === 'string') return;
        expect(said).toMatchObject({ confirmed: false, claims: undefined });
        expect(said.reference).toMatch(/^[\p{L}\p{N}_-]{1,64}$/u);
      }),
      { numRuns: 300 },
    );
  });

  it('a megabyte is refused before it is read', async () => {
    for (const one of ['&', '=', '%', 'a']) {
      expect(await judge(rawForm(one.repeat(1_024 * 1_024)))).toBe('oversized');
    }
  });
});

describe('the answer', () => {
  it('is exactly YES when accepted, and never when refused', () => {
    const yes = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'YES' };
    expect(acknowledgeNotice('accepted')).toEqual(yes);
    expect(acknowledgeNotice('rejected', 'signature')).toMatchObject({ status: 403, body: '' });
    expect(acknowledgeNotice('rejected', 'malformed').status).toBe(400);
    expect(acknowledgeNotice('rejected', 'oversized').status).toBe(413);
  });
});
