/**
 * A provider's notice, from the socket to the answer that follows the commit, against the same
 * upsert with the same bytes run by pgbench, one notice a statement.
 */
import { systemClock } from '../src/platform/clock/index.ts';
import { upsertNotices } from '../src/modules/payments/repository-notices.ts';
import { verifyNotice } from '../src/modules/payments/providers/yookassa/webhook.ts';
import type { RawWebhook } from '../src/modules/payments/provider.ts';
import { openCeiling } from './tools/ceiling.ts';
import { load } from './tools/load.ts';
import { asScript, record } from './tools/record.ts';
import { inTurns, type Result } from './tools/rounds.ts';
import { SAMPLE } from './tools/unique.ts';
import type { World } from './tools/world.ts';
import { TARGETS } from './targets.ts';

const CONNECTIONS = 64;
const SECONDS = 4;

const HEADERS = {
  host: '127.0.0.1',
  'user-agent': 'Bench/1.0',
  accept: 'application/json',
  'content-type': 'application/json; charset=utf-8',
};

export async function benchNotice(world: World): Promise<Result[]> {
  const body = noticeBody('{{unique}}');
  const head = [
    'POST /webhooks/payments/yookassa HTTP/1.1',
    ...Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}`),
    '',
  ].join('\r\n');
  const ceiling = openCeiling(world.url, world.config.home, CONNECTIONS);
  const script = { statements: [await recordedUpsert(world)] };
  const empty = async (): Promise<void> => {
    await world.admin('truncate payment_notice');
    await world.admin('checkpoint');
  };
  await world.role('api');
  const about = {
    name: 'notice',
    target: TARGETS.notice,
    note: `ceiling: ${ceiling.name}, the same upsert, ${String(Buffer.byteLength(noticeBody(String(SAMPLE))))} bytes of body`,
  };
  return [
    await inTurns(about, {
      async ours() {
        await empty();
        const port = world.config.ports.api;
        return load({ port, head, body, connections: CONNECTIONS });
      },
      async ceiling() {
        await empty();
        return ceiling.run(script, { seconds: SECONDS });
      },
    }),
  ];
}

/** The statement the store runs, for one notice of the same bytes and headers. */
async function recordedUpsert(world: World): Promise<string> {
  const raw: RawWebhook = {
    method: 'POST',
    query: '',
    headers: HEADERS,
    body: Buffer.from(noticeBody(String(SAMPLE))),
    remoteAddress: '127.0.0.1',
    receivedAt: systemClock.now(),
  };
  const notice = verifyNotice(raw, () => true);
  const id = `ntc_0000000000000${String(SAMPLE)}`;
  const [statement] = await record(world.parts.db.pool, () =>
    upsertNotices(world.parts.db.read, [{ id, provider: 'yookassa', notice, raw }]),
  );
  if (statement === undefined) throw new Error('the upsert was not seen');
  return asScript(statement);
}

/** As YooKassa sends it for a paid card payment. */
function noticeBody(unique: string): string {
  const id = `2e7a1c3d-000f-5000-9000-${unique}`;
  return JSON.stringify({
    type: 'notification',
    event: 'payment.succeeded',
    object: {
      id,
      status: 'succeeded',
      paid: true,
      amount: { value: '499.00', currency: 'RUB' },
      income_amount: { value: '481.54', currency: 'RUB' },
      captured_at: '2026-11-20T20:47:10.512Z',
      created_at: '2026-11-20T20:46:30.001Z',
      description: 'Order 72',
      metadata: { payment_id: `pay_0000000000000${unique}` },
      payment_method: {
        type: 'bank_card',
        id,
        saved: false,
        title: 'Bank card *4477',
        card: { first6: '555555', last4: '4477', expiry_month: '12', expiry_year: '2030' },
      },
      recipient: { account_id: '100500', gateway_id: '100700' },
      refundable: true,
      refunded_amount: { value: '0.00', currency: 'RUB' },
      test: true,
    },
  });
}
