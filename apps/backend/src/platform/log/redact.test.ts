import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../clock/index.ts';
import { createLog, createRedactor, redact, type Log } from './index.ts';

function recording(secrets: readonly string[] = []): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  return { log: createLog({ level: 'debug', role: 'api', instance: 1, secrets, write }), lines };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('what has a form', () => {
  it.each([
    ['a bot token', 'POST /telegram/bot7000000001:AAE-canary_canary/sendMessage', 'canary'],
    ['a bearer token', 'authorization was Bearer canary.canary-1', 'canary'],
    ['basic credentials', 'sent Basic Y2FuYXJ5OmNhbmFyeQ==', 'Y2FuYXJ5'],
    ['a key of a shop', 'as 100500 with live_canarycanarycanarycanary', 'canary'],
    ['a key with a prefix', 'as sk_live_canarycanarycanarycanary', 'canary'],
    ['an API key of ours', 'got opk_live_k3Xr9TbQ_canarycanarycanarycanary', 'canary'],
    ['a JWT', 'got eyJhbGciOiJFZERTQSJ9.canaryPayload.canarySignature', 'canary'],
    ['a password of a database', 'postgres://app:canary@db:5432/opora refused', 'canary'],
    ['cookies of a dump', 'GET / HTTP/1.1 cookie: a=canary; b=canary', 'canary'],
    ['a query', 'https://pay.example.com/login?code=canary', 'canary'],
    ['a login link', 'https://example.com/login/c4naryCanaryCanary', 'anary'],
    ['a subscription link', 'https://sub.example.com/KanaryKanaryKana', 'anary'],
    ['a short subscription link', '/remnawave/sub/canary', 'canary'],
    ['an access key', 'vless://11111111-canary@host:443?type=tcp', 'canary'],
    ['a value behind its name', 'retry with token=canarycanary', 'canary'],
    ['a one-time code', 'typed code=482913 twice', '482913'],
    ['an e-mail address', 'to olga.canary@canary.example.com', 'canary'],
    ['an e-mail address in letters of ours', 'to ольга@почта.рф', 'ольга'],
    ['a phone', 'calls +7 912 345-67-89', '345-67'],
    ['a phone as people write it here', 'calls 8 (912) 345-67-89', '345-67'],
    ['a card', 'paid with 4111 1111 1111 1111', '4111 1111 1111'],
  ])('is cut out of a text: %s', (_name, text, canary) => {
    expect(redact(text)).not.toContain(canary);
  });

  it('leaves a trace by which a line can still be understood', () => {
    expect(redact('to olga@example.com')).toBe('to o***@e***.com');
    expect(redact('paid with 4111 1111 1111 1111')).toBe('paid with 4000 0000 0000 1111');
    expect(redact('postgres://app:canary@db/opora')).toBe('postgres://app:[redacted]@db/opora');
    expect(redact('https://a.example.com/v3/payments?x=1')).toBe(
      'https://a.example.com/v3/payments?[cut]',
    );
  });

  it.each([
    '2026-11-21T12:01:02.123Z',
    'req_01jd4n5k6m7p8q9r0s1t2v3w4x of per_00000000000000000000000000',
    'provider reference 2d3c1a2b-000f-5000-8000-1b2c3d4e5f6a',
    '12345678-1234-4234-8234-123456789012',
    'http://127.0.0.1:5001/webhooks/payments/yookassa',
    'at file:///srv/opora/node_modules/@opora/kernel/src/money.ts:12:3',
    'connect failed with code=ECONNREFUSED for opora_app',
    'ended with exit code 1; starts again in 4111 ms at 1763726462123',
  ])('is not seen where it is not: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('a line', () => {
  it('has time, level, role, instance and text', () => {
    const { log, lines } = recording();
    log.info({ requestId: 'req_1' }, 'done');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      ...{ level: 'info', role: 'api', instance: 1, msg: 'done', requestId: 'req_1' },
    });
    expect(lines[0]).toMatch(/"time":"\d{4}-\d\d-\d\dT[\d:.]+Z"/);
  });

  it('shows no closed field, however deep and in whatever form', () => {
    const { log, lines } = recording();
    const deep = { a: { b: { Cookie: 'canary"1', 'set-cookie': ['canary2', 'canary3'] } } };
    log.warn({ deep, headers: { authorization: 'canary4' }, phone: 79123456789 }, 'asked');
    log.warn({ body: JSON.stringify({ accessToken: 'canary5', first_name: 'canary6' }) }, 'asked');
    log.warn({ subscriptionUrl: 'canary7', email: 'canary8@example.com', initData: 'canary9' }, '');
    for (const line of lines) {
      expect(line).not.toMatch(/canary|9123456/);
      expect(isJson(line)).toBe(true);
    }
  });

  it('shows kind, words and causes of an error and none of its other data', () => {
    const { log, lines } = recording();
    const cause = new Error('no way to https://u.example.com/?key=canary1', {
      cause: 'Bearer canary2',
    });
    const error = Object.assign(new TypeError('failed', { cause }), {
      ...{ detail: 'Failing row contains (canary3)', code: '23502', table: 'person' },
    });
    log.error({ err: error }, 'could not');
    log.error({ error }, 'could not');
    for (const line of lines) {
      expect(line).not.toContain('canary');
      expect(line).toContain('failed: no way to https://u.example.com/?[cut] Bearer [redacted]');
      expect(line).toContain('"code":"23502"');
    }
  });

  it('survives an error that is its own cause, and several reasons', () => {
    const { log, lines } = recording();
    const error = new Error('round');
    error.cause = error;
    log.error({ err: error }, 'a');
    log.error({ err: new AggregateError([new Error('first'), new Error('second')], 'all') }, 'b');
    expect(lines[1]).toContain('all: first');
  });

  it('is bounded, keeps its ids, and is still JSON', () => {
    const { log, lines } = recording();
    const far = `${'word '.repeat(250_000)}Bearer canarycanary`;
    log.warn({ orderId: 'ord_1', far, deep: { far } }, far);
    expect(lines[0]?.length).toBeLessThan(20_000);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ orderId: 'ord_1', level: 'warn' });
    expect(lines[0]).not.toContain('canary');
  });

  it('shows no value of the configuration, in whatever form', () => {
    const secret = 'plain "value" & more';
    const { log, lines } = recording([secret, 'short']);
    log.warn({ at: secret, in: encodeURIComponent(secret), short: 'short' }, `it is ${secret}`);
    expect(lines[0]).not.toContain('value');
    expect(lines[0]).toContain('"short":"short"');
  });
});

describe('the redactor', () => {
  it('keeps every line of JSON a line of JSON', () => {
    const clean = createRedactor(['secret-canary']);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const line = JSON.stringify({ value });
        expect(isJson(clean(line))).toBe(true);
      }),
    );
  });

  it('works in proportion to the line, also on hostile ones', () => {
    const hostile = ['a', '1', '.', '@', 'a.', '1 ', '+1 ', '"token":"', '\\"', '://', 'x@x.', '%'];
    for (const part of hostile) {
      const since = systemClock.monotonicMs();
      redact(part.repeat(16_384 / part.length));
      expect(systemClock.monotonicMs() - since).toBeLessThan(1_000);
    }
  });
});
