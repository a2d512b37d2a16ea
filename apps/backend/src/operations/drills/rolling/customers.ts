/** Customers on the site who order with keys, each order twice: the second time is the same one. */
import { createHash } from 'node:crypto';
import { cookieNames, HEADERS } from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import { Pool } from 'undici';
import { z } from 'zod';
import type { Config } from '../../../config/shape.ts';
import type { Ask } from '../ask-database.ts';
import { readCsrf } from '../payments/office.ts';
import { DrillRefused } from '../simulated-only.ts';
import { whyUnanswered } from '../unanswered.ts';
import type { VendorName } from '../vendors.ts';
import type { Call, Command } from './report.ts';

const ANSWER_MS = 12_000;
/** Few enough orders of each that nobody is told to be calm. */
const CUSTOMERS = 40;
const PAUSE_MS = 400;

const orderSchema = z.object({ id: z.string() });
const productSchema = z.object({
  plans: z.array(
    z.object({
      id: z.string(),
      prices: z.array(z.object({ minor: z.string(), currency: z.string() })),
    }),
  ),
});

type Customer = Readonly<{ id: string; headers: Readonly<Record<string, string>> }>;
type Deps = Readonly<{ config: Config; clock: Clock; ids: Ids; ask: Ask }>;

export type Ordered = Readonly<{
  calls: readonly Call[];
  commands: readonly Command[];
  ordersOfCommands: number;
}>;

export interface Customers {
  /** One order after the other until `isOver`. */
  orderUntil(isOver: () => boolean): Promise<Ordered>;
  close(): Promise<void>;
}

/** Signs them in; throws `DrillRefused` when one cannot. */
export async function openCustomers(vendor: VendorName, deps: Deps): Promise<Customers> {
  const { clock, ids, ask } = deps;
  const pool = new Pool(deps.config.gatewayUrl, { connections: 8, headersTimeout: ANSWER_MS });
  const customers: Customer[] = [];
  for (let at = 0; at < CUSTOMERS; at += 1) customers.push(await signIn(pool, deps));
  const wish = { ...(await choose(pool)), provider: vendor };
  const calls: Call[] = [];
  const commands: Command[] = [];

  async function order(by: Customer, key: string): Promise<string | undefined> {
    const startedMs = clock.monotonicMs();
    const headers = { ...by.headers, 'idempotency-key': key };
    const path = '/api/v1/me/orders';
    const { status, json, why } = await send(pool, { path, headers, body: wish });
    const tookMs = clock.monotonicMs() - startedMs;
    calls.push({ kind: 'order', status, tookMs, ...(why === undefined ? {} : { why }) });
    return orderSchema.safeParse(json).data?.id;
  }

  return {
    async orderUntil(isOver) {
      for (const by of endlessly(customers)) {
        if (isOver()) break;
        const key = ids.next('req');
        commands.push({ key, orderIds: [await order(by, key), await order(by, key)] });
        await clock.sleep(PAUSE_MS);
      }
      const [row] = await ask<{ orders: number }>(
        'select count(*)::int as orders from customer_order where person_id = any($1::text[])',
        [customers.map(({ id }) => id)],
      );
      return { calls, commands, ordersOfCommands: row?.orders ?? 0 };
    },
    close: () => pool.destroy(),
  };
}

function* endlessly<T>(items: readonly T[]): Generator<T> {
  for (;;) yield* items;
}

async function signIn(pool: Pool, { config, ids, ask }: Deps): Promise<Customer> {
  const [id, link] = [ids.next('per'), ids.secret(32)];
  await ask(
    `with one as (
       insert into person (id, name, language, state, created_at)
       values ($1, 'Drill customer', 'en', 'active', now()) returning id)
     insert into login_link (hash, person_id, expires_at)
     select $2, id, now() + interval '1 hour' from one`,
    [id, createHash('sha256').update(link).digest('base64url')],
  );
  const [, , , two = 0, three = 0] = createHash('sha256').update(id).digest();
  const from = {
    'sec-fetch-site': 'same-origin',
    'x-forwarded-for': `198.19.${String(two)}.${String(three)}`,
  };
  const entered = await send(pool, { path: '/auth/enter', headers: from, body: { link } });
  const name = cookieNames({ webPort: config.ports.web, secure: false }).access;
  const cookie = entered.cookies.find((one) => one.startsWith(`${name}=`))?.split(';')[0];
  const csrf = readCsrf(entered.json);
  if (cookie === undefined || csrf === undefined) {
    throw new DrillRefused(`a customer cannot sign in: ${String(entered.status)}`);
  }
  return { id, headers: { ...from, cookie, [HEADERS.csrf]: csrf } };
}

/** The first plan, at the price the customer sees. */
async function choose(pool: Pool) {
  const answer = await send(pool, { path: '/api/v1/product', headers: {} });
  const [plan] = productSchema.parse(answer.json).plans;
  const price = plan?.prices.find(({ currency }) => currency === 'RUB');
  if (plan === undefined || price === undefined) throw new DrillRefused('nothing is sold in RUB');
  return { planId: plan.id, price };
}

type Sent = Readonly<{ path: string; headers: Readonly<Record<string, string>>; body?: object }>;

type Received = Readonly<{
  status: number;
  cookies: readonly string[];
  json: unknown;
  why?: string;
}>;

/** No answer is an answer with the status 0. */
async function send(pool: Pool, { path, headers, body }: Sent): Promise<Received> {
  try {
    const answer = await pool.request({
      ...{ path, method: body === undefined ? 'GET' : 'POST' },
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.body.text();
    const cookies = [answer.headers['set-cookie'] ?? []].flat();
    const json: unknown = text === '' ? undefined : JSON.parse(text);
    return { status: answer.statusCode, cookies, json };
  } catch (error) {
    return { status: 0, cookies: [], json: undefined, why: whyUnanswered(error) };
  }
}
