import { request } from 'undici';
import type { Clock } from '@opora/kernel';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { Collection, Store } from './store.ts';

/**
 * What vendors send to us. A delivery is stored before it is tried and survives a restart; it is
 * repeated by the vendor's own schedule until our side answers as the vendor wants.
 */
export type Delivery = Readonly<{
  id: string;
  /** Fault target and journal name: `yookassa`, `remnawave`, `telegram`. */
  target: string;
  /** The vendor's object it tells of: what "send it again" is about. */
  about?: string | undefined;
  /** GET carries everything in the query of `url` and has no body. */
  method?: 'GET' | 'POST' | undefined;
  url: string;
  headers: Readonly<Record<string, string>>;
  /** Exact bytes as UTF-8 text. */
  body: string;
  /** Waits before try 2, 3, ... in milliseconds; its length bounds the repeats. */
  repeatsMs: readonly number[];
  /** What the vendor takes for "received"; `body`: 200 with exactly this text. */
  accepts: '2xx' | '200' | Readonly<{ body: string }>;
  tries: number;
  /** Wall clock, milliseconds. */
  dueAt: number;
  state: 'waiting' | 'done' | 'given-up';
  /** Per try: what our side answered. */
  answers: readonly string[];
}>;

type Message = Omit<Delivery, 'id' | 'tries' | 'dueAt' | 'state' | 'answers'>;

export interface Deliveries {
  send(what: Message): void;
  list(target?: string): Delivery[];
  /** Due ones are tried now and later ones brought forward: for the "send again" button. */
  resend(id: string): void;
  /** A vendor that signs with the time signs each try anew; a delivery's own headers win. */
  signs(target: string, sign: (body: string, at: Date) => Record<string, string>): void;
  /** A vendor that writes the time of sending into the body writes it anew at each try. */
  stamps(target: string, stamp: (body: string, at: Date) => string): void;
  start(): void;
  stop(): Promise<void>;
}

const TICK_MS = 25;
const REORDER_SPREAD_MS = 3_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** Of an answer whose text matters. */
const ANSWER_TEXT_MAX = 40;
const IN_FLIGHT_MAX = 64;
/** Finished deliveries kept for the inspector, and for a drill of ten thousand payments. */
const FINISHED_KEPT = 60_000;

export function createDeliveries(
  world: Readonly<{ clock: Clock; faults: Faults; journal: Journal; store: Store }>,
): Deliveries {
  const { rows, waiting, save, add } = openShelf(world.store);
  const busy = new Set<string>();
  const flying = new Set<Promise<void>>();
  const hands = createHands();
  const stopping = new AbortController();
  let loop: Promise<void> | undefined;

  function enqueue(what: Message): void {
    const late = world.faults.strikes(what.target, 'reorder')
      ? REORDER_SPREAD_MS * world.faults.amount(what.target, 'reorder')
      : 0;
    add(what, world.clock.now().getTime() + late);
  }

  async function attempt(row: Delivery): Promise<void> {
    busy.add(row.id);
    const sent = hands.seal(row, world.clock.now());
    const answer = await post(sent, stopping.signal);
    // A try cut short by our own stop is not counted: it is repeated after the next start.
    if (stopping.signal.aborted && !/^\d{3}/.test(answer)) return;
    const tried = afterTry(row, answer, world.clock.now().getTime());
    save(tried);
    busy.delete(row.id);
    world.journal.add({
      target: row.target,
      direction: 'to-us',
      summary: `webhook ${answer}`,
      detail: { url: row.url, body: sent.body, tries: tried.tries, answer },
    });
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const now = world.clock.now().getTime();
      for (const row of waiting.values()) {
        if (busy.size >= IN_FLIGHT_MAX) break;
        if (row.dueAt > now || busy.has(row.id)) continue;
        const flight = attempt(row).finally(() => flying.delete(flight));
        flying.add(flight);
      }
      await world.clock.sleep(TICK_MS, stopping.signal);
    }
  }

  return {
    send(what) {
      if (world.faults.strikes(what.target, 'drop-webhook')) return;
      enqueue(what);
      if (world.faults.strikes(what.target, 'duplicate')) enqueue(what);
    },
    list: (target) => rows.values().filter((row) => target === undefined || row.target === target),
    resend(id) {
      const row = rows.get(id);
      if (row !== undefined) save({ ...row, state: 'waiting', dueAt: world.clock.now().getTime() });
    },
    signs: hands.signs,
    stamps: hands.stamps,
    start() {
      loop = run();
    },
    async stop() {
      stopping.abort();
      await loop;
      await Promise.all(flying);
    },
  };
}

type Hands = Pick<Deliveries, 'signs' | 'stamps'> & {
  /** The delivery as this try sends it. */
  seal(row: Delivery, at: Date): Delivery;
};

/** What vendors write anew at each try: the time of sending, then the signature over it. */
function createHands(): Hands {
  const signers = new Map<string, Parameters<Deliveries['signs']>[1]>();
  const stampers = new Map<string, Parameters<Deliveries['stamps']>[1]>();
  return {
    signs: (target, sign) => void signers.set(target, sign),
    stamps: (target, stamp) => void stampers.set(target, stamp),
    seal(row, at) {
      const body = stampers.get(row.target)?.(row.body, at) ?? row.body;
      const proof = signers.get(row.target)?.(body, at);
      return { ...row, body, headers: { ...proof, ...row.headers } };
    },
  };
}

type Shelf = Readonly<{
  rows: Collection<Delivery>;
  /** Those of the rows that still wait, by id. */
  waiting: ReadonlyMap<string, Delivery>;
  save(row: Delivery): void;
  /** A new row, due at `dueAt` (wall clock, milliseconds). */
  add(what: Message, dueAt: number): void;
}>;

function openShelf(store: Store): Shelf {
  const rows = store.collection<Delivery>('deliveries');
  const waiting = new Map(rows.entries().filter(([, row]) => row.state === 'waiting'));

  function save(row: Delivery): void {
    rows.put(row.id, row);
    if (row.state === 'waiting') waiting.set(row.id, row);
    else waiting.delete(row.id);
  }

  return {
    rows,
    waiting,
    save,
    add(what, dueAt) {
      const number = store.sequence('delivery');
      save({ ...what, id: String(number), tries: 0, dueAt, state: 'waiting', answers: [] });
      // What still waits is kept however old it is: a long outage of ours must not lose a notice.
      const old = String(number - FINISHED_KEPT);
      if (!waiting.has(old)) rows.delete(old);
    },
  };
}

/** The delivery as one more try left it: received, to be repeated, or given up. */
function afterTry(row: Delivery, answer: string, nowMs: number): Delivery {
  const tries = row.tries + 1;
  const wait = row.repeatsMs[tries - 1];
  const { accepts } = row;
  const done =
    accepts === '2xx'
      ? /^2\d\d$/.test(answer)
      : answer === (typeof accepts === 'string' ? accepts : `200 ${accepts.body}`);
  return {
    ...row,
    tries,
    answers: [...row.answers, answer],
    state: done ? 'done' : wait === undefined ? 'given-up' : 'waiting',
    dueAt: nowMs + (wait ?? 0),
  };
}

/** One call; answers the status as text (and the body where it matters), or the network fault. */
async function post(row: Delivery, signal: AbortSignal): Promise<string> {
  try {
    const { method = 'POST' } = row;
    const response = await request(row.url, {
      method,
      signal,
      headers: { ...row.headers },
      body: method === 'GET' ? null : row.body,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
    const status = String(response.statusCode);
    if (typeof row.accepts !== 'string') {
      return `${status} ${(await response.body.text()).slice(0, ANSWER_TEXT_MAX)}`.trim();
    }
    await response.body.dump();
    return status;
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  }
}
