/**
 * A tap in Telegram from the webhook to the edited message, against node:http with the same
 * statements and the same calls: processor time an update. An update counts when its message was
 * edited, so nobody wins by acknowledging early.
 */
import { Pool } from 'undici';
import { createHandler } from '../src/bot/bot.ts';
import { createInbox } from '../src/bot/inbox.ts';
import { claimUpdates, finishClaims } from '../src/bot/repository.ts';
import { cpuSeconds } from './tools/load.ts';
import { record, type Statement } from './tools/record.ts';
import { inTurns, type Result } from './tools/rounds.ts';
import { openTelegramStub, type Call, type TelegramStub } from './tools/telegram-stub.ts';
import { SAMPLE } from './tools/unique.ts';
import type { World } from './tools/world.ts';
import { TARGETS, type Target } from './targets.ts';

/** How many updates, and how many of them are sent and not yet answered with a message. */
const TOGETHER = { updates: 2_000, inFlight: 64 };
/** One after another: nothing can be shared, and each waits for the doorbell. */
const ALONE = { updates: 150, inFlight: 1 };
const CONNECTIONS = 16;
const FIRST = 1_000_000_000_000;
const STUCK_AFTER_MS = 60_000;
const FINISH_POLL_MS = 20;
/** The call that ends a tap. */
const LAST_CALL = '/editMessageText';

export async function benchUpdate(world: World): Promise<Result[]> {
  const { config, parts } = world;
  const { botId } = parts.telegram ?? {};
  if (botId === undefined) throw new Error('no bot is configured');
  const stub = await openTelegramStub(config.ports.simulators, world.lifecycle);
  const recorded = await recordTap(world, stub, botId);
  const rawPort = config.ports.worker;
  await world.program('raw/update.ts', {
    ...recorded,
    url: world.url,
    port: rawPort,
    telegram: new URL(config.telegram.apiUrl).origin,
    secret: config.telegram.webhookSecret?.reveal() ?? '',
  });
  await world.role('bot');
  const cpuOn = async (port: number, many: typeof TOGETHER): Promise<number> => {
    await world.admin('truncate bot_update');
    await world.admin('checkpoint');
    const path = `/webhooks/telegram/${botId.toString()}`;
    return cpuOfAll(world, stub, { port, path, ...many });
  };
  const statements = recorded.intake.length + recorded.handling.length + 1;
  const about = {
    note: `ceiling: raw node:http, the same ${String(statements)} statements and ${String(recorded.calls.length)} calls`,
  };
  const measure = (
    what: Readonly<{ name: string; target: Target }>,
    many: typeof TOGETHER,
  ): Promise<Result> =>
    inTurns(
      { ...about, ...what },
      {
        ours: () => cpuOn(config.ports.bot, many),
        ceiling: () => cpuOn(rawPort, many),
      },
    );
  return [
    await measure({ name: 'update', target: TARGETS.update }, TOGETHER),
    await measure({ name: 'update alone', target: TARGETS.updateAlone }, ALONE),
  ];
}

/** Sends the updates of as many people and waits until each was answered. */
async function cpuOfAll(
  world: World,
  stub: TelegramStub,
  target: Readonly<{ port: number; path: string; updates: number; inFlight: number }>,
): Promise<number> {
  const pool = new Pool(`http://127.0.0.1:${String(target.port)}`, { connections: CONNECTIONS });
  const headers = {
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': world.config.telegram.webhookSecret?.reveal() ?? '',
  };
  const finished = Promise.withResolvers<undefined>();
  let [sent, answered] = [0, 0];
  async function send(): Promise<void> {
    const body = JSON.stringify(tapOf(FIRST + sent));
    sent += 1;
    const answer = await pool.request({ method: 'POST', path: target.path, headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) {
      finished.reject(new Error(`the update was refused: ${String(answer.statusCode)}`));
    }
  }
  const next = (): void => {
    if (sent < target.updates) send().catch(finished.reject);
  };
  const stuck = setTimeout(() => {
    finished.reject(
      new Error(`only ${String(answered)} of ${String(target.updates)} were answered`),
    );
  }, STUCK_AFTER_MS);
  stub.onCall = ({ path }) => {
    if (!path.endsWith(LAST_CALL)) return;
    answered += 1;
    if (answered === target.updates) finished.resolve(undefined);
    next();
  };
  const before = await cpuSeconds(target.port);
  try {
    for (let at = 0; at < target.inFlight; at += 1) next();
    await finished.promise;
    await untilFinished(world);
    return (((await cpuSeconds(target.port)) - before) * 1e6) / target.updates;
  } finally {
    clearTimeout(stuck);
    stub.onCall = () => undefined;
    await pool.destroy();
  }
}

/** The last statement of an update follows its last call. */
async function untilFinished({ admin, parts }: World): Promise<void> {
  for (;;) {
    const { rowCount } = await admin("select 1 from bot_update where state = 'waiting' limit 1");
    if (rowCount === 0) return;
    await parts.clock.sleep(FINISH_POLL_MS);
  }
}

type Recorded = Readonly<{
  intake: Statement[];
  handling: Statement[];
  finish: Statement;
  calls: Call[];
}>;

/** What one tap of a known person does, statement by statement and call by call. */
async function recordTap(world: World, stub: TelegramStub, botId: bigint): Promise<Recorded> {
  const { parts } = world;
  const { telegram, db, clock } = parts;
  if (telegram === undefined) throw new Error('no bot is configured');
  const deps = {
    ...parts,
    telegram,
    webhookSecret: undefined,
    receiving: { mode: 'polling' } as const,
    pace: 'normal' as const,
    webUrl: world.config.webUrl,
    doorbell: parts.updateBell,
  };
  const handler = createHandler(deps, { ...deps, botId });
  const silent = { ring: () => undefined, listen: () => ({ stop: async () => undefined }) };
  const inbox = createInbox({ db, clock, doorbell: silent });
  const body = tapOf(SAMPLE);
  await handler.handle(body, 1); // makes the person, as an earlier message would have
  const calls: Call[] = [];
  stub.onCall = (call) => calls.push(call);
  const address = { botId, updateId: BigInt(SAMPLE), chatId: BigInt(SAMPLE) };
  const intake = await record(db.pool, () =>
    inbox.store({ ...address, body: JSON.stringify(body) }),
  );
  const handling = await record(db.pool, async () => {
    const [claim] = await claimUpdates(db.read, { botId, limit: 1, leaseMs: 30_000 });
    if (claim === undefined) throw new Error('the stored update was not claimed');
    await handler.handle(claim.body, 1);
    await finishClaims(db.read, [{ claim, state: 'done', error: undefined, at: clock.now() }]);
  });
  stub.onCall = () => undefined;
  const finish = handling.pop();
  if (finish === undefined || calls.length === 0) throw new Error('the tap did nothing');
  return {
    intake: intake.map(asText),
    handling: handling.map(asText),
    finish: asText(finish),
    calls,
  };
}

/** Big numbers as text: JSON has no other way for them, and PostgreSQL reads them so. */
function asText({ text, values }: Statement): Statement {
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    return typeof value === 'bigint' ? value.toString() : value;
  };
  return { text, values: values.map(plain) };
}

/** As Telegram sends it for a button under a message of ours; one number makes it unique. */
function tapOf(number: number): object {
  const chat = { id: number, type: 'private', first_name: 'Anna' };
  return {
    update_id: number,
    callback_query: {
      id: `4382bfdwdsb${String(number)}`,
      from: { id: number, is_bot: false, first_name: 'Anna', language_code: 'en' },
      chat_instance: '-3788910233123',
      data: '1:plans',
      message: {
        message_id: 17,
        date: 1_795_000_000,
        chat,
        from: { id: 7_000_000_001, is_bot: true, first_name: '2GETPRO' },
        text: 'What would you like to do?',
      },
    },
  };
}
