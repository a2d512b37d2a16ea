/** Mail from the transaction that wants it to the mailbox, and what became of it back again. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../simulators/src/payment-keys.ts';
import { startSimulators } from '../../simulators/src/server.ts';
import { composeModules, type Modules } from '../src/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import type { MailWish } from '../src/modules/messaging/index.ts';
import { sql } from '../src/platform/db/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import type { Http } from '../src/platform/http/index.ts';
import { composeApi } from '../src/roles/api.ts';
import { freePort } from './database-setup.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

const WITHIN_MS = 10_000;
let base: TestDatabase;
let parts: Modules;
let http: Http;
let mailbox: string;
let world: Awaited<ReturnType<typeof startSimulators>>;
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const der = {
  public: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  private: key.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
};

beforeAll(async () => {
  base = await cloneDatabase(2);
  const [smtpPort, apiPort, pagesPort] = [await freePort(), await freePort(), await freePort()];
  world = await startSimulators({
    clock: systemClock,
    seed: 1,
    log: () => undefined,
    config: {
      port: pagesPort,
      folder: undefined,
      gatewayUrl: `http://127.0.0.1:${String(apiPort)}`,
      telegram: { token: '7000000001:simulated-token' },
      payments: SIMULATED_KEYS,
      remnawave: { token: 'x', webhookSecret: 'x' },
      mail: { port: smtpPort, sendgridKey: der.private },
    },
  });
  mailbox = `${world.world.selfUrl}/mail`;
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  parts = await composeModules(
    loadConfig({
      OPORA_HOME: '/nonexistent',
      OPORA_SIMULATORS: 'off',
      OPORA_LOG_LEVEL: 'error',
      DATABASE_URL: base.url,
      JWT_KEYS: JSON.stringify([{ kid: 'test', ...jwk }]),
      ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
      SMTP_URL: `smtp://apikey:word@127.0.0.1:${String(smtpPort)}`,
      MAIL_FROM: 'hello@shop.example',
      SENDGRID_WEBHOOK_KEY: der.public,
    }),
    'api',
    0,
  );
  http = await composeApi(parts);
  await http.listen(apiPort);
});
afterAll(async () => {
  await parts.lifecycle.stop('done');
  await world.stop();
  await base.close();
});
beforeEach(async () => {
  await fetch(`${mailbox}/messages`, { method: 'DELETE' });
  await fetch(`${world.world.selfUrl}/faults`, { method: 'DELETE' });
});

type Stored = { to: string; subject: string; text: string; html: string; arrivals: string[] };
const stored = async (to: string): Promise<Stored[]> => {
  const response = await fetch(`${mailbox}/messages?to=${encodeURIComponent(to)}`);
  return ((await response.json()) as { messages: Stored[] }).messages; // the mailbox's own shape
};

/** Writes the wish as a caller would, and sends it as the worker does. */
async function write(wish: Partial<MailWish> & { to: string }): Promise<string> {
  await parts.db.transaction((tx) =>
    parts.messaging.mail(tx, {
      key: parts.ids.next('req'),
      language: 'ru',
      template: 'mail.code',
      values: { code: { text: '123456' }, until: { date: '2026-12-24T11:00:00Z' } },
      ...wish,
    }),
  );
  const { rows } = await sql<{
    id: string;
  }>`select id from message order by id desc limit 1`.execute(parts.db.read);
  return rows[0]?.id ?? '';
}

type Row = { state: string; delivered_at: Date | null; bounced_at: Date | null };
async function rowWhen(id: string, isSo: (row: Row) => boolean): Promise<Row> {
  const deadline = systemClock.monotonicMs() + WITHIN_MS;
  for (;;) {
    const { rows } = await sql<Row>`
      select state, delivered_at, bounced_at from message where id = ${id}`.execute(parts.db.read);
    const [row] = rows;
    if (row !== undefined && isSo(row)) return row;
    if (systemClock.monotonicMs() > deadline) throw new Error(`still ${JSON.stringify(row)}`);
    await systemClock.sleep(20);
  }
}

describe('a mail', () => {
  it.each([
    ['ru', 'Код для входа', 'Код для входа: 123456'],
    ['en', 'Your sign-in code', 'Your sign-in code: 123456'],
  ] as const)(
    'in %s is read in the mailbox, and its delivery is known',
    async (language, ...said) => {
      const id = await write({ to: `anna.${language}@example.com`, language });
      await parts.messaging.send(id);
      const [mail, ...others] = await stored(`anna.${language}@example.com`);
      expect(others).toEqual([]);
      expect(mail?.subject).toBe(said[0]);
      expect(mail?.text).toContain(said[1]);
      expect(mail?.html).toContain('<b>123456</b>');
      expect(await rowWhen(id, ({ delivered_at: at }) => at !== null)).toMatchObject({
        state: 'sent',
        bounced_at: null,
      });
      expect(http.metrics.text()).toMatch(/mail_facts_total\{fact="delivered",template=""\} [1-9]/);
    },
  );

  it('whose answer was lost is sent again and is one mail', async () => {
    const id = await write({ to: 'lost@example.com' });
    const fault = { target: 'mail', kind: 'drop-answer', probability: 1, seed: 1 };
    const put = { method: 'PUT', body: JSON.stringify(fault) };
    await fetch(`${world.world.selfUrl}/faults`, put);
    await expect(parts.messaging.send(id)).rejects.toThrow('ECONNECTION');
    await fetch(`${world.world.selfUrl}/faults`, { method: 'DELETE' });
    await parts.messaging.send(id);
    const mails = await stored('lost@example.com');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.arrivals).toHaveLength(2);
  });

  it('that bounces ends all mail to its address', async () => {
    const address = `${mailbox}/addresses/gone@example.com`;
    await fetch(address, { method: 'PUT', body: '{"manner":"bounce"}' });
    const id = await write({ to: 'gone@example.com' });
    await parts.messaging.send(id);
    await rowWhen(id, ({ bounced_at: at }) => at !== null);
    const next = await write({ to: 'Gone@example.com' });
    await parts.messaging.send(next);
    expect(await rowWhen(next, ({ state }) => state !== 'waiting')).toMatchObject({
      state: 'failed',
    });
    expect(await stored('gone@example.com')).toHaveLength(1);
  });
});

describe('the endpoint of reports', () => {
  it.each([
    ['without a signature', {}],
    [
      'with a signature of somebody else',
      {
        'x-twilio-email-event-webhook-signature': 'MEUCIQCtIHJeH93Y',
        'x-twilio-email-event-webhook-timestamp': String(Math.floor(Date.now() / 1_000)),
      },
    ],
  ])('refuses a report %s and stores nothing', async (_what, headers) => {
    const before = await sql`select id from mail_event`.execute(parts.db.read);
    const answer = await http.app.inject({
      method: 'POST',
      url: '/webhooks/mail/sendgrid',
      payload: '[{"event":"bounce"}]',
      headers: { 'content-type': 'application/json', ...headers },
    });
    expect(answer.statusCode).toBe(403);
    expect(answer.json()).toMatchObject({ code: 'messaging.webhook_rejected' });
    const after = await sql`select id from mail_event`.execute(parts.db.read);
    expect(after.rows).toEqual(before.rows);
  });
});
