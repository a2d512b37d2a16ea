/**
 * The raw counterpart of `GET /api/v1/me/subscriptions`: node:http, the driver, the same
 * statements in the same order and the same bytes out; no framework, no token, no checks.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import type { Statement } from '../tools/record.ts';
import { cpuText, given } from './given.ts';

const CONNECTIONS = 20;

type Given = Readonly<{ url: string; port: number; statements: Statement[] }>;

const { url, port, statements } = given() as Given; // what read.ts writes
const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });

async function rowsOf(at: number): Promise<Record<string, unknown>> {
  const { text, values } = statements[at] ?? { text: '', values: [] };
  const answer = await pool.query<Record<string, unknown>>({
    name: `s${String(at)}`,
    text,
    values: [...values],
  });
  return answer.rows[0] ?? {};
}

async function present(): Promise<unknown> {
  const subscription = await rowsOf(0);
  const plan = await rowsOf(1);
  const account = await rowsOf(2);
  const { created_at: startsAt, expires_at: endsAt } = subscription as Record<string, Date>; // timestamps
  return {
    id: subscription['id'],
    plan: {
      id: plan['id'],
      code: plan['code'],
      title: { ru: plan['title_ru'], en: plan['title_en'] },
    },
    state: Number(endsAt) <= Date.now() ? 'expired' : 'active',
    startsAt,
    endsAt,
    devices: plan['devices'],
    trafficBytes: plan['traffic_bytes'],
    accessUrl: account['subscription_url'],
  };
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.end(cpuText());
    return;
  }
  present().then(
    (item) => {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify({ items: [item] }));
    },
    (error: unknown) => {
      response.writeHead(500).end(String(error));
    },
  );
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
