/** The process under observation, through all its lives: what it was told is told again. */
import { unlockWorkers } from '../../local-platform/unlock-workers.ts';
import { beginLife, type Life } from '../../process/life.ts';
import { endWithDrill } from '../leave-nothing.ts';
import { DrillRefused } from '../simulated-only.ts';
import type { Ground } from './ground.ts';
import { doneSchema, poolSchema, readySchema, type Done, type Order } from './orders.ts';

export interface Subject {
  /** How often it ended by SIGKILL. */
  readonly aborts: number;
  /**
   * Gives an order and waits for what it says. When it dies meanwhile the order is given to its next
   * life, as a customer repeats a press that got no answer. Throws `DrillRefused`.
   */
  order(what: Unnumbered): Promise<unknown>;
  /** Resolves when it serves: at once, or when its next life does. Throws `DrillRefused`. */
  ready(): Promise<void>;
  /** Ends this life and waits for the next one. */
  renew(): Promise<void>;
  end(): Promise<void>;
}

type WithoutId<T> = T extends Order ? Omit<T, 'id'> : never;
type Unnumbered = WithoutId<Order>;

const WITHIN_MS = 60_000;
/**
 * A refusal of a moment: T-Kassa never shows a link again, so one that was lost with the process is
 * given up after 20 s, and until then the buyer is told to try later.
 */
const TRIES_MAX = 120;
const AGAIN_AFTER_MS = 500;

/** One life; the next one has begun when `over` is resolved. */
type One = Readonly<{ life: Life; isReady: Promise<unknown>; over: Promise<void> }>;

/** A process that has read its code and does nothing yet: it waits to be told to serve. */
type Unborn = Readonly<{ life: Life; isReady: Promise<unknown>; pools: readonly string[] }>;

export function startSubject(ground: Ground): Subject {
  const { clock } = ground;
  const waiting = new Map<number, (said: Done) => void>();
  const lives = beginLives(ground, (done) => waiting.get(done.id)?.(done));
  let orders = 0;

  async function ready(): Promise<One> {
    for (;;) {
      const one = lives.current;
      const first = Promise.race([one.isReady.then(() => true), one.over.then(() => false)]);
      const serves = await within(first, 'the observed process does not start');
      if (serves && one === lives.current) return one;
    }
  }

  async function within<T>(work: Promise<T>, otherwise: string): Promise<T> {
    const done = new AbortController();
    const late = clock.sleep(WITHIN_MS, done.signal).then((): never => {
      throw new DrillRefused(otherwise);
    });
    late.catch(() => undefined);
    try {
      return await Promise.race([work, late]);
    } finally {
      done.abort();
    }
  }

  /** Undefined: it died before it could say anything. */
  async function once(what: Unnumbered): Promise<Done | undefined> {
    const { life, over } = await ready();
    const id = (orders += 1);
    const answered = new Promise<Done>((resolve) => waiting.set(id, resolve));
    life.send({ ...what, id });
    const died = over.then(() => undefined);
    const said = await within(Promise.race([answered, died]), `no answer to ${what.type}`);
    waiting.delete(id);
    return said;
  }

  return {
    get aborts() {
      return lives.aborts;
    },
    async ready() {
      await ready();
    },
    async renew() {
      const { life, over } = await ready();
      life.kill();
      await over;
      await ready();
    },
    async order(what) {
      for (let tries = 1; ;) {
        const said = await once(what);
        if (said === undefined) continue;
        if (said.error === undefined) return said.value;
        if (tries === TRIES_MAX) throw new DrillRefused(`${what.type}: ${said.error}`);
        tries += 1;
        await clock.sleep(AGAIN_AFTER_MS);
      }
    },
    end: () => lives.end(),
  };
}

/**
 * One life after the other; a new one begins when what the last one held is free. It is a process of
 * its own that read its code while the last one lived, because that takes most of the time of a start.
 */
function beginLives(ground: Ground, onDone: (done: Done) => void) {
  let aborts = 0;
  let isLeaving = false;
  let unborn: Unborn | undefined;
  let current = begin();

  function conceive(): Unborn {
    const ready = Promise.withResolvers<undefined>();
    const pools: string[] = [];
    const life = beginLife(ground.subject, {
      clock: ground.clock,
      onLine: ground.note,
      onMessage(message) {
        const done = doneSchema.safeParse(message).data;
        if (done !== undefined) onDone(done);
        const pool = poolSchema.safeParse(message).data;
        if (pool !== undefined) pools.push(pool.id);
        if (readySchema.safeParse(message).success) ready.resolve(undefined);
      },
    });
    return { life, isReady: ready.promise, pools };
  }

  function begin(): One {
    const { life, isReady, pools } = unborn ?? conceive();
    unborn = undefined;
    life.send({ type: 'serve' });
    const over = life.ended.then(async ({ words }) => {
      if (isLeaving) throw new DrillRefused('the drill leaves');
      if (words !== 'SIGKILL') throw new DrillRefused(`the observed process ended: ${words}`);
      aborts += 1;
      await freeTheDead(ground, pools);
      current = begin();
    });
    over.catch(() => undefined);
    void isReady.then(() => {
      if (!isLeaving) unborn ??= conceive();
    });
    return { life, isReady, over };
  }

  const end = async (): Promise<void> => {
    isEnded();
    isLeaving = true;
    const all = [current, ...(unborn === undefined ? [] : [unborn])];
    for (const { life } of all) life.kill();
    await Promise.all(all.map(({ life }) => life.ended));
  };
  const isEnded = endWithDrill(end);
  return {
    get aborts() {
      return aborts;
    },
    get current() {
      return current;
    },
    end,
  };
}

/** Only this one process takes work, so what the dead one held is held by nobody. */
async function freeTheDead({ config, ask }: Ground, pools: readonly string[]): Promise<void> {
  await unlockWorkers(config.database.url?.reveal() ?? '', pools);
  await ask('update payment_notice set lease_until = now() where lease_until > now()');
}
