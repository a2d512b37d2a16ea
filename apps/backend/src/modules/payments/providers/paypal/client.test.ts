import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { ProviderProtocolError } from '../../errors.ts';
import { fitKey } from './client.ts';
import errors from './fixtures/errors.json' with { type: 'json' };
import orders from './fixtures/orders.json' with { type: 'json' };
import { REFERENCE, ORDER_PATH, stage } from './testing/stage.ts';

describe('the access token', () => {
  const { server, paypal, show } = stage();
  const asked = () => server().requests.filter(({ path }) => path === '/v1/oauth2/token').length;

  it('is asked for once, also by many at once, and anew before its end', async () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => nowMs };
    const provider = paypal(clock);
    show(orders.completed);
    await Promise.all(Array.from({ length: 5 }, () => provider.lookup(REFERENCE)));
    nowMs = 32_339_000;
    await provider.lookup(REFERENCE);
    expect(asked()).toBe(1);
    nowMs = 32_340_000;
    await provider.lookup(REFERENCE);
    expect(asked()).toBe(2);
  });

  it('that is not taken any more is replaced once, and the call repeated', async () => {
    const provider = paypal();
    show(orders.completed);
    await provider.lookup(REFERENCE);
    server().answer(
      `GET ${ORDER_PATH}`,
      { status: 401, body: { error: 'invalid_token' } },
      { status: 200, body: orders.completed },
    );
    expect((await provider.lookup(REFERENCE)).state).toBe('settled');
    expect(asked()).toBe(2);
    server().answer(`GET ${ORDER_PATH}`, { status: 401, body: { error: 'invalid_token' } });
    await expect(provider.lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(asked()).toBe(3);
  });

  it('that cannot be had says nothing of a payment', async () => {
    const refusals = [
      { status: 401, body: errors.invalid_client },
      { status: 404, body: errors.missing },
      { status: 400, body: errors.exceeded },
      { status: 200, body: { access_token: 'a\r\nb', expires_in: 1 } },
      { status: 200, body: { access_token: 'a', expires_in: '1' } },
    ];
    for (const answer of refusals) {
      server().answer('POST /v1/oauth2/token', answer);
      await expect(paypal().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
    const waits = [
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503 },
      'reset' as const,
    ];
    for (const answer of waits) {
      server().answer('POST /v1/oauth2/token', answer);
      await expect(paypal().lookup(REFERENCE)).rejects.toMatchObject({
        code: 'payments.provider_unavailable',
      });
    }
  });

  it('and the call share the time of one call', async () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonicMs: () => (nowMs += 4_000) };
    show(orders.completed);
    await expect(paypal(clock).lookup(REFERENCE)).rejects.toMatchObject({
      code: 'payments.provider_unavailable',
    });
    expect(asked()).toBe(1);
  });
});

describe('a key', () => {
  it('that is too long is shortened without making two keys one', () => {
    const long = 'refund:'.padEnd(120, 'x');
    expect(fitKey(long)).toHaveLength(64);
    expect(fitKey(`${long}1`)).not.toBe(fitKey(`${long}2`));
    expect(fitKey('refund:ref_1')).toBe('refund:ref_1');
  });
});
