/**
 * The raw counterpart of the bot: node:http and the driver run the statements the bot runs for a
 * tap, and undici sends the calls it sends. It proves Telegram's secret and answers with the
 * security headers; no framework, no views, no schema, no leases kept, nothing done together.
 */
import { hash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { Pool } from 'undici';
import { SECURITY_HEADERS } from '../../src/platform/http/security-headers.ts';
import type { Statement } from '../tools/record.ts';
import { SAMPLE } from '../tools/unique.ts';
import type { Call } from '../tools/telegram-stub.ts';
import { cpuText, given } from './given.ts';

const CONNECTIONS = 20;

type Given = Readonly<{
  url: string;
  port: number;
  telegram: string;
  secret: string;
  /** Until the commit after which the update is acknowledged. */
  intake: Statement[];
  /** The first one claims an update and returns it. */
  handling: Statement[];
  finish: Statement;
  calls: Call[];
}>;

const { url, port, telegram, secret, intake, handling, finish, calls } = given() as Given; // what update.ts writes
const expected = hash('sha256', secret, 'buffer');
const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });
const api = new Pool(telegram, { connections: CONNECTIONS });
const names = new Map<string, string>();

async function run(client: pg.PoolClient, statement: Statement, update: string, body?: string) {
  const { text } = statement;
  const name = names.get(text) ?? `s${String(names.size)}`;
  names.set(text, name);
  const values = statement.values.map((value) => withNumber(value, update, body));
  return client.query<{ update_id?: string }>({ name, text, values });
}

/** The recorded value for another update; the stored body is the one that came. */
function withNumber(value: unknown, update: string, body?: string): unknown {
  if (Array.isArray(value)) return value.map((one) => withNumber(one, update, body));
  if (typeof value !== 'string' || !value.includes(String(SAMPLE))) return value;
  return value.startsWith('{') && body !== undefined
    ? body
    : value.replaceAll(String(SAMPLE), update);
}

async function handle(body: string, acknowledge: () => void): Promise<void> {
  const own = String((JSON.parse(body) as { update_id: number }).update_id); // what the benchmark sends
  const client = await pool.connect();
  try {
    for (const statement of intake) await run(client, statement, own, body);
    acknowledge();
    let claimed: string | undefined;
    for (const [at, statement] of handling.entries()) {
      const { rows } = await run(client, statement, claimed ?? own);
      if (at === 0) claimed = rows[0]?.update_id;
    }
    if (claimed === undefined) return;
    await Promise.all(calls.map((call) => send(call, claimed)));
    await run(client, finish, claimed);
  } finally {
    client.release();
  }
}

async function send({ path, body }: Call, update: string): Promise<void> {
  const response = await api.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json' },
    body: body.replaceAll(String(SAMPLE), update),
  });
  await response.body.json();
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.end(cpuText());
    return;
  }
  const told = String(request.headers['x-telegram-bot-api-secret-token']);
  if (!timingSafeEqual(expected, hash('sha256', told, 'buffer'))) {
    response.writeHead(401).end();
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const acknowledge = (): void => {
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'x-request-id': randomUUID(),
        'content-type': 'application/json; charset=utf-8',
        'content-length': 2,
      });
      response.end('{}');
    };
    handle(Buffer.concat(chunks).toString(), acknowledge).catch((error: unknown) => {
      process.stderr.write(`raw update: ${String(error)}\n`);
      if (!response.headersSent) response.writeHead(500).end();
    });
  });
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
