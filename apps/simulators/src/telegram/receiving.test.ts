import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRunning, type ApiBody, type Running } from './testing/running.ts';

let telegram: Running;
let olga: number;

beforeEach(async () => {
  telegram = await startRunning();
  olga = (await telegram.control('POST', '/people', {})).body.id;
});

afterEach(() => telegram.stop());

const say = (text: string): Promise<unknown> =>
  telegram.control('POST', `/people/${String(olga)}/messages`, { text });

const ids = (answer: ApiBody): number[] =>
  (answer.result as { update_id: number }[]).map((update) => update.update_id); // a list of updates

describe('getUpdates', () => {
  it('repeats what was not confirmed and forgets what was', async () => {
    await say('one');
    await say('two');
    await say('three');
    expect(ids(await telegram.api('getUpdates', { limit: 2 }))).toEqual([1, 2]);
    expect(ids(await telegram.api('getUpdates', { offset: 2 }))).toEqual([2, 3]);
    expect(ids(await telegram.api('getUpdates', { offset: -1 }))).toEqual([3]);
    expect(ids(await telegram.api('getUpdates'))).toEqual([3]);
  });

  it('waits for the first update up to its timeout', async () => {
    const waiting = telegram.api('getUpdates', { timeout: 30 });
    await telegram.clock.asleepFor(30_000);
    await say('one');
    expect(ids(await waiting)).toEqual([1]);
    const empty = telegram.api('getUpdates', { offset: 2, timeout: 20 });
    await telegram.clock.asleepFor(20_000);
    telegram.clock.advance(20_000);
    expect(ids(await empty)).toEqual([]);
  });

  it('ends the older of two polls with 409', async () => {
    const older = telegram.api('getUpdates', { timeout: 30 });
    await telegram.clock.asleepFor(30_000);
    const newer = telegram.api('getUpdates', { timeout: 20 });
    expect((await older).error_code).toBe(409);
    await telegram.clock.asleepFor(20_000);
    await say('one');
    expect(ids(await newer)).toEqual([1]);
  });

  it('is refused with 409 while a webhook is set', async () => {
    await telegram.api('setWebhook', { url: 'http://127.0.0.1:9/x' });
    const refused = await telegram.api('getUpdates');
    expect(refused.error_code).toBe(409);
    expect(refused.description).toContain("can't use getUpdates method while webhook is active");
    await telegram.api('deleteWebhook');
    expect((await telegram.api('getUpdates')).ok).toBe(true);
  });

  it('brings only the types that were asked for', async () => {
    await telegram.api('getUpdates', { allowed_updates: ['callback_query'] });
    await say('one');
    expect(ids(await telegram.api('getUpdates'))).toEqual([]);
    await telegram.api('getUpdates', { allowed_updates: [] });
    await say('two');
    expect(ids(await telegram.api('getUpdates'))).toEqual([1]);
  });
});

describe('setWebhook', () => {
  it.each([
    [{ url: 'http://bot.example/x' }, 'An HTTPS URL must be provided'],
    [{ url: 'https://bot.example:5001/x' }, 'only on ports 80, 88, 443 or 8443'],
    [{ url: 'nonsense' }, 'invalid webhook URL'],
    [{ url: 'https://bot.example/x', secret_token: 'пароль' }, 'unallowed characters'],
    [{ url: 'https://bot.example/x', secret_token: 'a'.repeat(257) }, 'too long'],
  ])('refuses %o', async (params, why) => {
    const refused = await telegram.api('setWebhook', params);
    expect([refused.error_code, refused.description?.includes(why)]).toEqual([400, true]);
  });

  it('tells what is set, and can throw away what waits', async () => {
    await say('one');
    await telegram.api('setWebhook', {
      url: 'http://127.0.0.1:9/x',
      secret_token: 'a'.repeat(256),
      max_connections: 7,
      allowed_updates: ['message'],
      drop_pending_updates: true,
    });
    expect((await telegram.api('getWebhookInfo')).result).toMatchObject({
      url: 'http://127.0.0.1:9/x',
      pending_update_count: 0,
      max_connections: 7,
      allowed_updates: ['message'],
    });
  });
});
