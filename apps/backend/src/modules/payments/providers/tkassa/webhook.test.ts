import { Secret } from '@opora/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, RawWebhook } from '../../provider.ts';
import { createAddressFilter } from '../networks.ts';
import vectors from './fixtures/vectors.json' with { type: 'json' };
import { PASSWORD, rawNotice, signed, TERMINAL } from './testing/notices.ts';
import { tokenOf } from './token.ts';
import { acknowledgeNotice, NOTICE_MAX_BYTES, verifyNotice, type NoticeJudge } from './webhook.ts';

const ours = (change: Partial<NoticeJudge> = {}): NoticeJudge => ({
  terminalKey: TERMINAL,
  password: new Secret(PASSWORD),
  isSenderAllowed: () => true,
  ...change,
});

const MANY = Object.fromEntries(Array.from({ length: 300 }, (_one, at) => [`f${String(at)}`, 1]));

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
function judge(given: RawWebhook, by = ours()): Notice | string {
  try {
    return verifyNotice(given, by);
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

describe('the published vectors', () => {
  const hashed = vectors.filter((one) => one.expected_token !== undefined);
  it.each(hashed.map((one) => [one.id, one] as const))('%s has its token', (_id, one) => {
    const body = Buffer.from(one.body_base64 ?? '', 'base64').toString('utf8');
    const fields = one.payload ?? (JSON.parse(body) as Record<string, unknown>); // a vector's object
    expect(tokenOf(fields, new Secret(one.password))).toBe(one.expected_token);
  });

  const notices = vectors.filter(({ kind }) => kind === 'notification');
  it.each(notices.map((one) => [one.id, one] as const))('%s is judged as it says', (_id, one) => {
    const body =
      one.body_base64 === undefined
        ? { ...one.payload, Token: one.expected_token }
        : Buffer.from(one.body_base64, 'base64');
    const terminalKey = one.payload?.TerminalKey ?? TERMINAL;
    const by = ours({ terminalKey, password: new Secret(one.password) });
    const said = judge(rawNotice(body), by);
    if (one.verdict === 'reject') expect(said).toBe('signature');
    else expect(said).toMatchObject({ confirmed: false, claims: undefined });
  });

  it('are all here', () => {
    expect([hashed.length, notices.length]).toEqual([8, 5]);
  });
});

describe('a notice', () => {
  it('names a payment and claims nothing', () => {
    expect(judge(rawNotice(signed()))).toEqual({
      confirmed: false,
      event: 'CONFIRMED',
      reference: '4000123456',
      dedupeKey: '4000123456:CONFIRMED:49900',
      claims: undefined,
    });
  });

  it('keeps an id of twenty digits, as a text and as a number', () => {
    const id = '40001234569876543210';
    expect(judge(rawNotice(signed({ PaymentId: id })))).toMatchObject({ reference: id });
    const text = JSON.stringify(signed({ PaymentId: id })).replace(`"${id}"`, id);
    expect(text).toContain(`:${id},`);
    expect(judge(rawNotice(text))).toMatchObject({ reference: id });
  });

  it('is hashed over the text of its numbers, not over their values', () => {
    const text = JSON.stringify(signed({ Fee: '1.0' })).replace('"1.0"', '1.0');
    expect(judge(rawNotice(text))).toMatchObject({ reference: '4000123456' });
    expect(judge(rawNotice(text.replace('1.0', '1')))).toBe('signature');
  });

  it('leaves out objects, lists and null by their kind, whatever they are called', () => {
    const odd = { Data: { a: 1 }, Shops: [1], Whatever: { Amount: 1 }, Nothing: null, Empty: '' };
    expect(judge(rawNotice(signed(odd)))).toMatchObject({ reference: '4000123456' });
    expect(judge(rawNotice({ ...signed(), Data: { late: true } }))).toMatchObject({
      reference: '4000123456',
    });
    expect(judge(rawNotice({ ...signed(), Extra: 'x' }))).toBe('signature');
  });

  it('tells a fiscal message and a hold from money by its event', () => {
    const hold = judge(rawNotice(signed({ Status: 'AUTHORIZED' })));
    const receipt = judge(rawNotice(signed({ Status: 'RECEIPT', Receipt: { Items: [] } })));
    expect([hold, receipt]).toMatchObject([{ event: 'AUTHORIZED' }, { event: 'RECEIPT' }]);
    const keys = [hold, receipt, judge(rawNotice(signed()))].map((one) =>
      typeof one === 'string' ? one : one.dedupeKey,
    );
    expect(new Set(keys).size).toBe(3);
  });

  it.each<[string, RawWebhook, string]>([
    ['a GET', rawNotice(signed(), { method: 'GET' }), 'malformed'],
    ['an empty body', rawNotice(''), 'malformed'],
    ['bytes that are not UTF-8', rawNotice(Buffer.from([0x22, 0xff, 0x22])), 'malformed'],
    ['an array', rawNotice([signed()]), 'malformed'],
    ['thousands of fields', rawNotice(signed(MANY)), 'malformed'],
    ['300 kB', rawNotice(`${JSON.stringify(signed())}${' '.repeat(300_000)}`), 'oversized'],
    ['no sum', rawNotice(signed({ Amount: '' })), 'malformed'],
    ['a sum with a fraction', rawNotice(signed({ Amount: '499.00' })), 'malformed'],
    ['a strange id', rawNotice(signed({ PaymentId: '../1' })), 'malformed'],
    ['a strange status', rawNotice(signed({ Status: 'paid now' })), 'malformed'],
    ['a binding of an account', rawNotice(signed({ PaymentId: undefined })), 'unknown_event'],
    ['a token of another kind', rawNotice({ ...signed(), Token: 7 }), 'signature'],
    ['a field that names the password', rawNotice({ ...signed(), Password: '' }), 'signature'],
  ])('is refused when it is %s', (_name, given, reason) => {
    expect(judge(given)).toBe(reason);
  });

  it('is refused from outside the networks when some are configured', () => {
    const by = ours({ isSenderAllowed: createAddressFilter(['91.194.226.0/23']) });
    expect(judge(rawNotice(signed()), by)).toBe('sender_not_allowed');
    const inside = rawNotice(signed(), { remoteAddress: '::ffff:91.194.227.4' });
    expect(judge(inside, by)).toMatchObject({ event: 'CONFIRMED' });
  });

  it('reads the largest body allowed', () => {
    const text = JSON.stringify(signed()).padEnd(NOTICE_MAX_BYTES);
    expect(judge(rawNotice(text))).toMatchObject({ event: 'CONFIRMED' });
  });
});

describe('whatever comes in', () => {
  const unicode = fc.constantFrom('a', '"', '\\', '\0', 'ё', '🚀', '\u202e', '\ud800', '{', '1');
  const anyValue = fc.oneof(
    fc.jsonValue(),
    fc.string({ unit: unicode }),
    fc.integer().map(String),
    fc.constantFrom('constructor', '__proto__', null, true, -0, 1e308),
  );
  const names = fc.oneof(
    fc.constantFrom('Amount', 'PaymentId', 'Status', 'TerminalKey', 'Token', '__proto__', 'Data'),
    fc.string({ unit: unicode, maxLength: 8 }),
  );

  it('no changed byte of a signed notice is taken for the notice', () => {
    const text = Buffer.from(JSON.stringify(signed()));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bytes = Buffer.from(text);
        bytes[at] = (bytes[at] ?? 0) ^ flip;
        const said = judge(rawNotice(bytes));
        // A changed name can move nothing but its own place in the order: what is read is the same.
        if (typeof said !== 'string') expect(said.dedupeKey).toBe('4000123456:CONFIRMED:49900');
      }),
      { numRuns: 1_000 },
    );
  });

  it('nothing without the password passes, and nothing crashes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(names, anyValue),
        fc.uint8Array({ maxLength: 2_048 }),
        (one, raw) => {
          expect(typeof judge(rawNotice({ ...signed({}, 'guess'), ...one }))).toBe('string');
          expect(typeof judge(rawNotice(one))).toBe('string');
          expect(typeof judge(rawNotice(Buffer.from(raw)))).toBe('string');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('anything signed is refused or is a hint', () => {
    fc.assert(
      fc.property(fc.dictionary(names, anyValue), (change) => {
        const said = judge(rawNotice(signed(change)));
        if (typeof said === 'string') return;
        expect(said).toMatchObject({ confirmed: false, claims: undefined });
        expect(said.reference).toMatch(/^\d{1,20}$/);
      }),
      { numRuns: 500 },
    );
  });

  it('repeated names are read once, as they were hashed', () => {
    const text = JSON.stringify(signed());
    expect(judge(rawNotice(text.replace('{', '{"Amount":1,')))).toMatchObject({
      dedupeKey: '4000123456:CONFIRMED:49900',
    });
    expect(judge(rawNotice(text.replace(/}$/, ',"Amount":1}')))).toBe('signature');
    const escaped = text.replace('"Amount"', '"\\u0041mount"');
    expect(judge(rawNotice(escaped))).toMatchObject({ reference: '4000123456' });
  });

  it('deep nesting and a megabyte end as refusals or hints', () => {
    for (const depth of [10, 5_000, 40_000]) {
      const deep = `${'{"a":['.repeat(depth)}1${']}'.repeat(depth)}`;
      judge(rawNotice(deep));
      judge(rawNotice(JSON.stringify(signed()).replace(/}$/, `,"Data":${deep}}`)));
    }
    expect(judge(rawNotice('['.repeat(1_024 * 1_024)))).toBe('oversized');
    expect(judge(rawNotice('['.repeat(200 * 1_024)))).toBe('malformed');
  });
});

describe('the answer', () => {
  it('is exactly OK when accepted or when a repeat would say the same', () => {
    const ok = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' };
    expect(acknowledgeNotice('accepted')).toEqual(ok);
    expect(acknowledgeNotice('rejected', 'unknown_event')).toEqual(ok);
    expect(acknowledgeNotice('rejected', 'signature')).toMatchObject({ status: 403, body: '' });
    expect(acknowledgeNotice('rejected', 'oversized').status).toBe(413);
  });
});
