/**
 * The simulated world as a drill handles it: the hands of people, the books of the provider and of
 * the panel, and the faults between them and us. Only what the simulators' control pages offer.
 */
import { OperationalError } from '@opora/kernel';
import { request } from 'undici';
import { z } from 'zod';
import type { VendorName } from './vendors.ts';

const CALL_TIMEOUT_MS = 30_000;
const SAID_MAX = 300;

export type Fault = Readonly<{
  target: VendorName | 'telegram' | 'remnawave';
  kind: 'duplicate' | 'reorder' | 'drop-webhook' | 'drop-answer' | 'error';
  probability: number;
}>;

const button = z.object({
  text: z.string(),
  callback_data: z.string().optional(),
  url: z.string().optional(),
});
const message = z.object({
  messageId: z.number(),
  by: z.enum(['bot', 'person']),
  /** Wall clock, milliseconds. */
  at: z.number(),
  text: z.string(),
  buttons: z.array(z.array(button)),
});
export type ChatMessage = z.infer<typeof message>;

const sums = z.object({ taken: z.string(), returned: z.string() });
const delivery = z.object({
  url: z.string(),
  body: z.string(),
  state: z.enum(['waiting', 'done', 'given-up']),
  accepts: z.union([z.enum(['2xx', '200']), z.object({ body: z.string() })]),
  tries: z.number(),
  /** Per try: what our side answered. */
  answers: z.array(z.string()),
});
export type Delivery = z.infer<typeof delivery>;

const panelUser = z.object({
  username: z.string(),
  status: z.string(),
  expireAt: z.string(),
  shortUuid: z.string(),
  creates: z.number(),
  updates: z.number(),
});

/** The simulators answered something else than they promise, or not at all. */
export class WorldFailed extends OperationalError {
  readonly code = 'drill.world_failed';
}

export type SimulatedWorld = ReturnType<typeof createSimulatedWorld>;

/** `origin` of the simulators, as `http://127.0.0.1:21050`. Every method throws `WorldFailed`. */
export function createSimulatedWorld(origin: string) {
  const line = openLine(origin);
  return {
    ...peopleOf(line),
    ...starsOf(line),
    ...mailboxOf(line),
    ...panelAndFaultsOf(line),
    till: (provider: string) => tillOf(line, provider),
    /** What a browser does with a link: where it is sent on to, if it is; the page does not matter. */
    async open(url: string): Promise<string | undefined> {
      const { body, headers } = await request(url, { headersTimeout: CALL_TIMEOUT_MS });
      await body.dump();
      return [headers.location].flat()[0];
    },
  };
}

type Call = readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown];
type Line = ReturnType<typeof openLine>;

function openLine(origin: string) {
  async function call(...[method, path, body]: Call): Promise<{ status: number; json: unknown }> {
    try {
      const answer = await request(`${origin}${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        body: body === undefined ? null : JSON.stringify(body),
        headersTimeout: CALL_TIMEOUT_MS,
        bodyTimeout: CALL_TIMEOUT_MS,
      });
      return { status: answer.statusCode, json: await answer.body.json() };
    } catch (cause) {
      throw new WorldFailed(`${method} ${path}: no answer of the simulators`, { cause });
    }
  }
  return {
    async read<T>(schema: z.ZodType<T>, ...asked: Call): Promise<T> {
      const { status, json } = await call(...asked);
      const parsed = schema.safeParse(json);
      if (status < 300 && parsed.success) return parsed.data;
      const [method, path] = asked;
      const said = JSON.stringify(json).slice(0, SAID_MAX);
      throw new WorldFailed(`${method} ${path} answered ${String(status)}: ${said}`);
    },
    /** False when the act is not possible any more: the button is gone, the payment is decided. */
    async attempt(path: string, body: unknown, method: Call[0] = 'POST'): Promise<boolean> {
      return (await call(method, path, body)).status < 300;
    },
  };
}

function peopleOf({ read, attempt }: Line) {
  const base = '/telegram/control';
  const person = (id: number): string => `${base}/people/${String(id)}`;
  return {
    async createPerson(what: {
      name: string;
      language: 'ru' | 'en';
      /** Absent: the next free one. */
      id?: number;
      /** Wrote to the bot before; absent: not yet. */
      started?: boolean;
    }): Promise<number> {
      const made = z.object({ id: z.number() });
      return (await read(made, 'POST', `${base}/people`, what)).id;
    },
    /** The id of the message that was written. */
    async say(id: number, text: string): Promise<number> {
      const said = z.object({ messageId: z.number() });
      return (await read(said, 'POST', `${person(id)}/messages`, { text })).messageId;
    },
    tap: (id: number, messageId: number, data: string) =>
      attempt(`${person(id)}/taps`, { messageId, data }),
    async chat(id: number): Promise<ChatMessage[]> {
      const list = z.object({ messages: z.array(message) });
      return (await read(list, 'GET', `${person(id)}/messages`)).messages;
    },
    async updatesPending(): Promise<number> {
      const pending = z.object({ count: z.number() });
      return (await read(pending, 'GET', `${base}/updates/pending`)).count;
    },
  };
}

const mail = z.object({
  subject: z.string(),
  text: z.string(),
  /** ISO times: one for each time it came. */
  arrivals: z.array(z.string()),
});
export type Mail = z.infer<typeof mail>;

function mailboxOf({ read }: Line) {
  return {
    /** What an address got, the newest first. */
    async mails(to: string): Promise<Mail[]> {
      const list = z.object({ messages: z.array(mail) });
      return (await read(list, 'GET', `/mail/messages?to=${encodeURIComponent(to)}`)).messages;
    },
  };
}

const attempt = z.object({
  id: z.string(),
  state: z.enum(['asked', 'paid', 'refused', 'expired']),
});

/** What only Stars have: a press of "pay" that the bot is asked about, and the charges themselves. */
function starsOf({ read }: Line) {
  const base = '/stars/control';
  return {
    pressPay: (invoiceId: string, personId: number) =>
      read(attempt, 'POST', `${base}/attempts`, { invoiceId, personId }),
    pressed: (id: string) => read(attempt, 'GET', `${base}/attempts/${id}`),
    async starsCharges() {
      const charge = z.object({ id: z.string(), refundedAt: z.number().optional() });
      const list = z.object({ charges: z.array(charge) });
      return (await read(list, 'GET', `${base}/charges`)).charges;
    },
  };
}

const bill = z.object({
  id: z.string(),
  /** Our payment, as the vendor was told. */
  reference: z.string().optional(),
  state: z.enum(['open', 'held', 'paid', 'closed', 'disputed']),
  status: z.string(),
  amount: z.object({ value: z.string(), currency: z.string() }),
  /** Everything ever taken for it, decimal text. */
  taken: z.string(),
});
export type Bill = z.infer<typeof bill>;

type Wish = Readonly<Record<string, string>>;

/** A payment vendor as its people handle it: the same for all of them. */
function tillOf({ read, attempt }: Line, provider: string) {
  const base = `/${provider}/control`;
  return {
    async bills(): Promise<Bill[]> {
      const list = z.object({ payments: z.array(bill) });
      return (await read(list, 'GET', `${base}/payments`)).payments;
    },
    /** What the vendor says it took and gave back, decimal text by currency. */
    async totals() {
      const books = z.object({ sums: z.record(z.string(), sums) });
      return (await read(books, 'GET', `${base}/books`)).sums;
    },
    /** All, or those that still wait. */
    async deliveries(of?: 'waiting'): Promise<Delivery[]> {
      const list = z.object({ deliveries: z.array(delivery) });
      const query = of === undefined ? '' : `?state=${of}`;
      return (await read(list, 'GET', `${base}/deliveries${query}`)).deliveries;
    },
    /** False where the merchant does not choose when notices are repeated. */
    repeatNoticesAfter: (repeatsMs: readonly number[]) =>
      attempt(`${base}/settings`, { repeatsMs }, 'PUT'),
    bill: (billId: string) => read(bill, 'GET', `${base}/payments/${billId}`),
    act: (billId: string, act: string, wish: Wish = {}) =>
      read(bill, 'POST', `${base}/payments/${billId}/${act}`, wish),
    /** False when it is not possible (any more, or yet). */
    tryAct: (billId: string, act: string, wish: Wish = {}) =>
      attempt(`${base}/payments/${billId}/${act}`, wish),
    /** A notice nobody at the vendor sent. */
    forge: (body: string) => attempt(`${base}/notifications`, { body }),
  };
}

function panelAndFaultsOf({ read }: Line) {
  return {
    async panelUsers() {
      const list = z.object({ users: z.array(panelUser) });
      return (await read(list, 'GET', '/remnawave/control/users')).users;
    },
    setFault: (fault: Fault, seed: number) =>
      read(z.unknown(), 'PUT', '/faults', { ...fault, seed }),
    clearFaults: () => read(z.unknown(), 'DELETE', '/faults'),
  };
}
