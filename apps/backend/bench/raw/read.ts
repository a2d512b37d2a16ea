/**
 * The raw counterpart of `GET /api/v1/me/subscriptions`: node:http, the driver, the same statements
 * in the same order, the same bytes and security headers out. It proves the access token's
 * signature as bare code would, once, and remembers it until it expires; no framework, no schema,
 * no other checks.
 */
import { createPublicKey, randomUUID, verify, type JsonWebKeyInput } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import pg from 'pg';
import { SECURITY_HEADERS } from '../../src/platform/http/security-headers.ts';
import type { Statement } from '../tools/record.ts';
import { cpuText, given } from './given.ts';

const CONNECTIONS = 20;

type Given = Readonly<{
  url: string;
  port: number;
  statements: Statement[];
  jwk: JsonWebKeyInput['key'];
  cookie: string;
}>;

const { url, port, statements, jwk, cookie } = given() as Given; // what read.ts writes
const key = createPublicKey({ key: jwk, format: 'jwk' });
/** When a proved token expires, seconds. */
const proved = new Map<string, number>();
const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS });

function isSignedIn({ headers }: IncomingMessage): boolean {
  const token = headers.cookie?.split(`${cookie}=`)[1]?.split(';')[0] ?? '';
  let expiresAt = proved.get(token);
  if (expiresAt === undefined) {
    const [head = '', payload = '', signature = ''] = token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    if (!verify(null, Buffer.from(`${head}.${payload}`), key, bytes)) return false;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }; // just proved to be ours
    expiresAt = claims.exp;
    proved.set(token, expiresAt);
  }
  return Date.now() / 1000 < expiresAt;
}

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
    trafficUsedBytes: account['traffic_used_bytes'],
    accessUrl: account['subscription_url'],
  };
}

const server = createServer((request, response) => {
  if (request.url === '/metrics') {
    response.end(cpuText());
    return;
  }
  if (!isSignedIn(request)) {
    response.writeHead(401).end();
    return;
  }
  present().then(
    (item) => {
      const body = JSON.stringify({ items: [item] });
      response.writeHead(200, {
        ...SECURITY_HEADERS,
        'x-request-id': randomUUID(),
        'content-type': 'application/json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
      });
      response.end(body);
    },
    (error: unknown) => {
      response.writeHead(500).end(String(error));
    },
  );
});
server.listen(port, '127.0.0.1', () => process.send?.('ready'));
