import { Secret } from '@opora/kernel';
import { expect, it } from 'vitest';
import { createManualClock } from '../../../simulators/src/telegram/testing/manual-clock.ts';
import { startRunning, TOKEN } from '../../../simulators/src/telegram/testing/running.ts';
import { createLog } from '../platform/log/index.ts';
import { createTelegramApi } from '../platform/telegram/index.ts';
import { product, words } from './testing/words.ts';
import { startUpkeep } from './upkeep.ts';

/** The pace of drills: how long it sleeps after a look at which nothing failed. */
const LOOK_EVERY_MS = 5_000;

it('the bot introduces itself in both languages, and again only what has changed', async () => {
  const telegram = await startRunning();
  const log = createLog({ level: 'silent', role: 'test' });
  const config = { token: new Secret(TOKEN), apiUrl: telegram.address };
  const api = createTelegramApi({ config, clock: telegram.clock, log });
  if (api === undefined) throw new Error('no client');
  const known = async (method: string, language_code: string): Promise<unknown> =>
    (await telegram.api(method, { language_code })).result;
  const written = (): number =>
    telegram.world.journal.list().filter(({ summary }) => summary.startsWith('setMyName')).length;

  for (const start of ['first', 'second']) {
    const clock = createManualClock();
    const looked = clock.asleepFor(LOOK_EVERY_MS);
    const upkeep = startUpkeep({
      ...{ telegram: api, product, words, clock, log, webhookSecret: undefined, pace: 'drill' },
      receiving: { mode: 'polling' },
      lease: { hold: () => Promise.resolve(1n), release: () => Promise.resolve() },
    });
    await looked;
    await upkeep.stop();
    // One name in both languages: Telegram falls back to the one for everybody.
    expect(written(), start).toBe(1);
  }

  for (const language of ['en', 'ru'] as const) {
    expect(await known('getMyName', language)).toEqual({ name: product.name[language] });
    const description = product.description[language];
    expect(await known('getMyDescription', language)).toEqual({ description });
    expect(await known('getMyCommands', language === 'ru' ? 'ru' : '')).not.toEqual([]);
  }
  await api.close();
  await telegram.stop();
});
