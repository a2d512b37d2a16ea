/**
 * What people, vendors and Telegram send while the database is there and while it is not: reads, and
 * things that must not be lost, each under a name of its own that is kept until it is acknowledged.
 */
import { HEADERS, type MoneyWire } from '@opora/contracts';
import type { Ids } from '@opora/kernel';
import { Pool } from 'undici';
import type { Config } from '../../../config/shape.ts';
import { createSealing, readSealingKeys } from '../../../platform/sealing/index.ts';
import type { Visitor } from '../auth/people.ts';
import { DrillRefused } from '../simulated-only.ts';

export const READS = ['window', 'own'] as const;
export const DEEDS = ['command', 'notice', 'update'] as const;
export type Read = (typeof READS)[number];
export type Deed = (typeof DEEDS)[number];
export type Kind = Read | Deed;

/** 0 stands for no answer at all. */
export type Answer = Readonly<{ status: number; isMarked: boolean; mayRepeat: boolean }>;

/** Something that must be there once when it was acknowledged. */
export type Sent = { readonly kind: Deed; readonly number: number; isAcknowledged: boolean };

const CONNECTIONS = 128;
const ANSWER_MS = 15_000;
const FIRST_UPDATE = 2_000_000_000;
/** What each kind is answered when it was taken. */
const TAKEN: Readonly<Record<Kind, number>> = {
  ...{ window: 200, own: 200 },
  ...{ command: 201, notice: 200, update: 200 },
};

export interface Senders {
  read(kind: Read, number: number): Promise<Answer>;
  /** Sends it, or sends it again; notes whether it was acknowledged. */
  send(sent: Sent): Promise<Answer>;
  /** Under which it is found in the database. */
  nameOf(sent: Sent): string;
  close(): Promise<void>;
}

export async function createSenders(deps: {
  config: Config;
  ids: Ids;
  visitors: readonly Visitor[];
  chats: readonly number[];
}): Promise<Senders> {
  const { config, visitors } = deps;
  const pool = new Pool(config.gatewayUrl, { connections: CONNECTIONS, headersTimeout: ANSWER_MS });
  const call = createCaller(pool);
  const { planId, price } = await firstPlan(config.gatewayUrl);
  const csrfOf = createCsrf(config);
  // Of this run alone: names of an earlier one must not be found.
  const mark = deps.ids.secret(6).replaceAll(/\W/g, 'x');
  const botId = config.telegram.token?.reveal().split(':', 1)[0] ?? '';
  const nameOf = ({ kind, number }: Sent): string =>
    kind === 'update' ? String(FIRST_UPDATE + number) : `${mark}-${kind}-${String(number)}`;

  function visitorFor(number: number): { headers: Record<string, string>; csrf: string } {
    const visitor = visitors[number % visitors.length];
    if (visitor === undefined) throw new DrillRefused('nobody signed in');
    const headers = { cookie: visitor.access, 'x-forwarded-for': visitor.address };
    return { headers, csrf: csrfOf(visitor) };
  }

  function order(sent: Sent): Promise<Answer> {
    const { headers, csrf } = visitorFor(sent.number);
    const keyed = { ...headers, 'idempotency-key': nameOf(sent), [HEADERS.csrf]: csrf };
    return call('/api/v1/me/orders', keyed, { planId, provider: 'yookassa', price });
  }

  function deed(sent: Sent): Promise<Answer> {
    if (sent.kind === 'command') return order(sent);
    if (sent.kind === 'notice') {
      return call('/webhooks/payments/yookassa', {}, noticeOf(nameOf(sent)));
    }
    const secret = config.telegram.webhookSecret?.reveal() ?? '';
    const chat = deps.chats[sent.number % deps.chats.length] ?? 0;
    const headers = { 'x-telegram-bot-api-secret-token': secret };
    return call(`/webhooks/telegram/${botId}`, headers, updateOf(Number(nameOf(sent)), chat));
  }

  return {
    read(kind, number) {
      if (kind === 'own') return call('/api/v1/me/subscriptions', visitorFor(number).headers);
      // A home of its own for each: nobody is refused for another's calls.
      const address = `198.19.${String((number >> 8) & 255)}.${String(number & 255)}`;
      return call('/api/v1/product', { 'x-forwarded-for': address });
    },
    async send(sent) {
      const answer = await deed(sent);
      if (answer.status === TAKEN[sent.kind]) sent.isAcknowledged = true;
      return answer;
    },
    nameOf,
    close: () => pool.destroy(),
  };
}

/** Calls as a browser on our site makes them. */
function createCaller(pool: Pool) {
  return async (path: string, headers: Record<string, string>, body?: object): Promise<Answer> => {
    try {
      const answer = await pool.request({
        ...{ path, method: body === undefined ? 'GET' : 'POST' },
        headers: {
          'sec-fetch-site': 'same-origin',
          ...headers,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body: body === undefined ? null : JSON.stringify(body),
      });
      await answer.body.dump();
      return {
        status: answer.statusCode,
        isMarked: answer.headers[HEADERS.stale] !== undefined,
        mayRepeat: answer.headers['retry-after'] !== undefined,
      };
    } catch {
      return { status: 0, isMarked: false, mayRepeat: false };
    }
  };
}

export function isGood(kind: Kind, { status }: { status: number }): boolean {
  return status === TAKEN[kind];
}

/** What is sold first, at its price in roubles. */
async function firstPlan(gateway: string): Promise<{ planId: string; price: MoneyWire }> {
  const answer = await fetch(`${gateway}/api/v1/product`);
  const { plans } = (await answer.json()) as { plans: { id: string; prices: MoneyWire[] }[] }; // by the contract
  const [plan] = plans;
  const price = plan?.prices.find(({ currency }) => currency === 'RUB');
  if (plan === undefined || price === undefined) throw new DrillRefused('nothing is sold');
  return { planId: plan.id, price };
}

/** The forms of a person's own pages, without the page. */
function createCsrf(config: Config): (visitor: Visitor) => string {
  if (config.encryptionKeys === undefined) throw new DrillRefused('no keys of forms');
  const sealing = createSealing(readSealingKeys(config.encryptionKeys), []);
  return ({ access }) => {
    const [, claims = ''] = access.split('=', 2).at(1)?.split('.') ?? [];
    const { sid } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sid: string }; // our own token
    return sealing.mac('csrf', sid);
  };
}

/** A notice about a payment that nobody made: it is stored, looked up and quarantined. */
function noticeOf(id: string): object {
  return {
    ...{ type: 'notification', event: 'payment.succeeded' },
    object: { id, status: 'succeeded', paid: true, amount: { value: '1.00', currency: 'RUB' } },
  };
}

function updateOf(updateId: number, chatId: number): object {
  const person = { id: chatId, is_bot: false, first_name: 'Drill', language_code: 'en' };
  return {
    update_id: updateId,
    message: {
      ...{ message_id: updateId, date: 1_795_000_000, text: '/menu' },
      from: person,
      chat: { id: chatId, type: 'private', first_name: 'Drill' },
    },
  };
}
