/** The money world with people, access, messages and the routes of staff: what tests of staff act in. */
import { ROLE_PERMISSIONS, isStaffPermission, type StaffRole } from '@opora/contracts';
import type { LightMyRequestResponse } from 'fastify';
import { adminRoutes } from '../src/modules/admin/edge/http.ts';
import type { AdminParts } from '../src/modules/admin/index.ts';
import { createAnnouncements } from '../src/modules/announcements/index.ts';
import { createIdentity, type Identity } from '../src/modules/identity/index.ts';
import {
  createMessaging,
  type Messaging,
  type OutgoingMessage,
} from '../src/modules/messaging/index.ts';
import type { Channel } from '../src/modules/messaging/channel.ts';
import { createProvisioning, type Provisioning } from '../src/modules/provisioning/index.ts';
import { createBreakerStates, createForcedPositions } from '../src/platform/breaker/index.ts';
import { sql } from '../src/platform/db/index.ts';
import { createHttp, Forbidden, type Authorise, type Http } from '../src/platform/http/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createReactions } from '../src/reactions/index.ts';
import { createTasks } from '../src/reactions/tasks.ts';
import { quietLog } from './database.ts';
import { createMoneyWorld, POLICY, type MoneyWorld } from './money-world.ts';
import { ScriptedPanel } from './scripted-panel.ts';
import { silentLetters } from './silent-letters.ts';

export const OWNER = systemIds.next('per');
/** The chat of the operators. */
export const OPERATORS = -1001n;
/** Jobs one call of `runJobs` does; a test that needs more has a loop that never ends. */
const JOBS_MAX = 500;

export type AdminWorld = MoneyWorld &
  Readonly<{
    identity: Identity;
    provisioning: Provisioning;
    messaging: Messaging;
    panel: ScriptedPanel;
    /** What the channel was given, in order. */
    told: OutgoingMessage[];
    /** Everything that went to an address, by which channel. */
    reached: (OutgoingMessage & { by: 'telegram' | 'email'; address: string })[];
    http: Http;
    parts: AdminParts;
    /** What the administration serves: `GET /api/v1/admin/today`. */
    routes: readonly string[];
    /** A new person with Telegram. */
    meet(name?: string, username?: string): Promise<string>;
    /** A whole sale: order, payment, notice, access, message; returns the payment's id. */
    sell(personId: string): Promise<string>;
    /** Does what waits, most urgent first, until nothing does. */
    runJobs(): Promise<void>;
    get(url: string, role?: StaffRole): Promise<LightMyRequestResponse>;
    post(
      url: string,
      payload: object,
      headers?: Record<string, string>,
    ): Promise<LightMyRequestResponse>;
  }>;

/** `telegram` takes what goes to chats, in place of one that only remembers it. */
export async function createAdminWorld(
  given: Readonly<{ telegram?: Channel<bigint> }> = {},
): Promise<AdminWorld> {
  const world = await createMoneyWorld();
  const { db, clock, jobs, audit } = world;
  const log = quietLog();
  const common = { db, clock, ids: systemIds };
  const { publish } = createReactions({ jobs, log, now: () => clock.now() });
  const letters = silentLetters;
  const identity = createIdentity({ ...common, audit, letters, publish });
  const panel = new ScriptedPanel();
  const provisioning = createProvisioning({
    ...world,
    log,
    panel,
    webhook: undefined,
    squads: [],
    isBanned: async (personId) => (await identity.person(personId)).state === 'banned',
    telegramIdOf: async (personId) => (await identity.contact(personId))?.telegramId,
    publish,
  });
  const told: OutgoingMessage[] = [];
  const reached: AdminWorld['reached'] = [];
  const messaging = createMessaging({
    ...common,
    log,
    jobs,
    channels: {
      telegram: {
        send(to, message) {
          told.push(message);
          reached.push({ by: 'telegram', address: to.address.toString(), ...message });
          const reference = String(4400 + told.length);
          const sent = { outcome: 'sent', reference } as const;
          return given.telegram?.send(to, message) ?? Promise.resolve(sent);
        },
      },
      email: {
        send({ address }, message) {
          reached.push({ by: 'email', address, ...message });
          return Promise.resolve({ outcome: 'refused', reason: 'no mail here' });
        },
      },
    },
    mailReports: undefined,
    counted: () => undefined,
    recipientOf: (personId) => identity.contact(personId),
    blocked: () => Promise.resolve(),
  });
  const parts: AdminParts = {
    ...world,
    log,
    identity,
    provisioning,
    messaging,
    announcements: createAnnouncements({ ...common, audit }),
    breakers: createBreakerStates({ db, clock, log, process: 'test#0' }),
    forced: createForcedPositions({ clock }),
    product: { slug: 'vpn', policy: POLICY },
    settings: [],
  };
  const tasks = createTasks({
    ...parts,
    operators: { webUrl: 'https://shop.test', chatId: OPERATORS, language: 'en' },
  });
  const http = createHttp({
    log,
    ids: systemIds,
    clock,
    trustedProxies: [],
    authorise: asRoleOfHeader,
    drainDelayMs: 0,
  });
  const routes: string[] = [];
  http.app.addHook('onRoute', ({ method, url }) => {
    if (method !== 'HEAD') routes.push(`${String(method)} ${url}`);
  });
  adminRoutes(parts)(http.app);

  async function nextJob() {
    const { rows } = await sql<{ id: string; task: string; payload: Record<string, unknown> }>`
      select job.id, task.identifier as task, job.payload
        from graphile_worker._private_jobs as job
        join graphile_worker._private_tasks as task on task.id = job.task_id
       order by job.priority, job.run_at, job.id limit 1`.execute(db.read);
    return rows[0];
  }

  async function runJobs(): Promise<void> {
    for (let done = 0; done < JOBS_MAX; done += 1) {
      const job = await nextJob();
      if (job === undefined) return;
      await tasks[job.task]?.(job.payload, { attempt: 1 });
      await sql`delete from graphile_worker._private_jobs where id = ${job.id}`.execute(db.read);
    }
    throw new Error('the jobs never end');
  }

  let people = 77_000n;
  return {
    ...world,
    identity,
    provisioning,
    messaging,
    panel,
    told,
    reached,
    http,
    parts,
    routes,
    runJobs,
    async meet(name = 'Olga', username) {
      people += 1n;
      const user = { id: people, firstName: name, username, languageCode: 'en' };
      return (await identity.resolveTelegram(user)).id;
    },
    async sell(personId) {
      const payment = await world.startPayment(await world.placeOrder(personId));
      world.provider.change(payment.reference, { state: 'settled' });
      await clock.advance(40_000);
      await world.notify(payment.reference);
      await world.notify(payment.reference);
      await clock.advance(1_000);
      await world.payments.judgeNotices();
      await clock.advance(1_000);
      await runJobs();
      return payment.id;
    },
    get: (url, role = 'owner') => http.app.inject({ url, headers: { 'x-test-role': role } }),
    post: (url, payload, headers = {}) =>
      http.app.inject({
        method: 'POST',
        url,
        payload,
        headers: { 'x-test-role': 'owner', ...headers },
      }),
    async close() {
      await http.close();
      await world.close();
    },
  };
}

/** Stands for the guard of identity: the role comes from a header, the rights from the table. */
const asRoleOfHeader: Authorise = (request, permission) => {
  const role = request.headers['x-test-role'] as StaffRole; // tests name a role or nobody
  const rights = Object.entries(ROLE_PERMISSIONS).find(([name]) => name === role)?.[1];
  if (!isStaffPermission(permission) || rights?.has(permission) !== true) {
    throw new Forbidden('not this role');
  }
  const actor = { id: OWNER, name: 'Operator', requestId: request.id, remoteAddress: '192.0.2.1' };
  request.staff = { personId: OWNER, name: 'Operator', role, actor };
};
