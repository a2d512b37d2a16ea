/**
 * The bot without a public address: the simulated Telegram and two processes of the bot, as they run
 * in earnest, one of them killed in the worst moment: updates fetched, not yet committed.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeModules } from '../src/compose.ts';
import { inheritedEnvironment, loadConfig, rootFolder } from '../src/config/load.ts';
import { PORT_OFFSETS } from '../src/config/schema.ts';
import {
  createSimulatedWorld,
  type SimulatedWorld,
} from '../src/operations/drills/simulated-world.ts';
import { beginLife, type Life } from '../src/operations/process/life.ts';
import { systemClock as clock } from '../src/platform/clock/index.ts';
import { sql } from '../src/platform/db/index.ts';
import { asOwner, cloneDatabase, type TestDatabase } from './database.ts';
import { freePort } from './database-setup.ts';

const TOKEN = '7000000001:simulated-token-of-this-test';
/** Each answered with another screen, so that the order of answers shows the order of handling. */
const SAID = ['/terms', '/language', '/support', '/subscription', '/start'];
const PEOPLE = 8;
const SOON = { timeout: 20_000, interval: 50 };
const TAKEN_OVER_WITHIN_MS = 10_000;

let base: TestDatabase;
let world: SimulatedWorld;
let environment: Record<string, string>;
const lives: Life[] = [];

beforeAll(async () => {
  base = await cloneDatabase();
  const [simulators, bot] = [await freePort(), await freePort()];
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  environment = {
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    OPORA_PORT_BASE: String(bot - PORT_OFFSETS.bot),
    DATABASE_URL: base.url,
    JWT_KEYS: JSON.stringify([{ kid: 'test', ...key }]),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_WEBHOOK_SECRET: 'a-secret-of-this-test',
    TELEGRAM_API_URL: `http://127.0.0.1:${String(simulators)}/telegram`,
  };
  const parts = await composeModules(
    loadConfig({ ...environment, OPORA_LOG_LEVEL: 'error' }),
    'test',
    0,
  );
  await parts.catalog.seed(parts.product.slug, parts.product.plans);
  await parts.lifecycle.stop('done');

  const listening = Promise.withResolvers<undefined>();
  const outside = { SIMULATORS_PORT: String(simulators), SIMULATORS_TELEGRAM_TOKEN: TOKEN };
  const args = [join(rootFolder, 'apps/simulators/src/main.ts')];
  const onMessage = (): void => {
    listening.resolve(undefined);
  };
  const program = { args, environment: inheritedEnvironment(outside) };
  lives.push(beginLife(program, { clock, onLine: () => undefined, onMessage }));
  await listening.promise;
  world = createSimulatedWorld(`http://127.0.0.1:${String(simulators)}`);
});

afterAll(async () => {
  for (const life of lives) life.kill();
  await Promise.all(lives.map((life) => life.ended));
  await base.close();
});

function startBot(instance: number): { life: Life; lines: string[]; polls: () => boolean } {
  const lines: string[] = [];
  const args = [
    join(rootFolder, 'apps/backend/src/main.ts'),
    'bot',
    '--instance',
    String(instance),
  ];
  const program = { args, environment: inheritedEnvironment(environment) };
  const life = beginLife(program, { clock, onLine: (line) => void lines.push(line) });
  lives.push(life);
  return { life, lines, polls: () => lines.some((line) => /this process polls/.test(line)) };
}

const answers = async (person: number): Promise<string[]> =>
  (await world.chat(person)).filter(({ by }) => by === 'bot').map(({ text }) => text);

async function sayAll(people: readonly number[]): Promise<void> {
  for (const text of SAID) await Promise.all(people.map((person) => world.say(person, text)));
}

it('two processes: one polls, its heir takes over when it is killed, each update once and in order', async () => {
  const bots = [startBot(0), startBot(1)];
  const polling = () => bots.filter((bot) => bot.polls()).length;
  await expect.poll(polling, SOON).toBe(1);

  // Alone and slowly: what each word is answered with.
  const first = await world.createPerson({ name: 'Olga', language: 'ru' });
  for (const [at, text] of SAID.entries()) {
    await world.say(first, text);
    await expect.poll(() => answers(first), SOON).toHaveLength(at + 1);
  }
  const expected = await answers(first);
  expect(new Set(expected).size).toBe(SAID.length);

  const names = Array.from({ length: PEOPLE }, (_, at) => `Person ${String(at)}`);
  const people = await Promise.all(
    names.map((name) => world.createPerson({ name, language: 'ru' })),
  );
  const [killed, heir] = bots[0]?.polls() === true ? bots : bots.toReversed();
  await asOwner(base.ownerUrl, async (client) => {
    await client.query('begin');
    await client.query('lock table bot_update in share mode');
    await sayAll(people);
    const blocked = async () =>
      (
        await client.query(`select 1 from pg_stat_activity where wait_event_type = 'Lock'
        and datname = current_database() and query ilike '%insert into bot_update%'`)
      ).rowCount;
    await expect.poll(blocked, SOON).toBe(1);
    expect(polling()).toBe(1);
    killed?.life.kill();
    await killed?.life.ended;
    await client.query('commit');
  });
  const takeover = { ...SOON, timeout: TAKEN_OVER_WITHIN_MS };
  await expect.poll(() => heir?.polls(), takeover).toBe(true);
  await sayAll(people);

  const twice = [...expected, ...expected].map((text) => text.slice(0, 20));
  for (const person of people) {
    const read = async () => (await answers(person)).map((text) => text.slice(0, 20));
    await expect.poll(read, SOON).toEqual(twice);
  }
  await expect.poll(() => world.updatesPending(), SOON).toBe(0);
  const rows = await sql<{ state: string; attempts: number; count: bigint }>`
    select state, attempts, count(*) from bot_update group by state, attempts`.execute(
    base.db.read,
  );
  const count = BigInt((2 * PEOPLE + 1) * SAID.length);
  expect(rows.rows).toEqual([{ state: 'done', attempts: 1, count }]);
  expect(heir?.lines.join('\n')).not.toMatch(/"level":"(error|fatal)"/);
}, 120_000);
