/**
 * Where the points are: around every commit of the pool, every call to somebody else and every
 * answer to a notice. All of it is seen from outside (the pool's connections, the diagnostics
 * channels of undici and of Node's server), so no line of the product knows of it.
 */
import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';
import type pg from 'pg';
import type { CrashPoints } from './points.ts';
import { tablesIn } from './sentence.ts';

/** What a process writes without being asked: its signs of life are no part of a story. */
const SIGNS_OF_LIFE: ReadonlySet<string> = new Set([
  'worker_lease',
  'process_lease',
  'breaker_state',
  // Which jobs it knows: written once in the life of a database.
  'graphile_worker._private_tasks',
]);

/**
 * Passes a point before and after each commit that changes something. A statement that stands alone
 * gets a transaction around it, so that there is a moment between its effect and its commit.
 * To be called before the pool has connections.
 */
export function watchCommits(pool: pg.Pool, { pass }: CrashPoints): void {
  pool.on('connect', (client) => {
    const ask = client.query.bind(client) as Query; // one of many overloads
    let touched: Set<string> | undefined;

    async function commit(tables: ReadonlySet<string>): Promise<unknown> {
      const { rows } = await ask('select pg_current_xact_id_if_assigned() is not null as changed');
      const told = [...tables].filter((table) => !SIGNS_OF_LIFE.has(table));
      const counts = rows[0]?.['changed'] === true && told.length > 0;
      const name = `commit of ${told.join(', ')}`;
      if (counts) pass(`before the ${name}`);
      const done = await ask('commit');
      if (counts) pass(`after the ${name}`);
      return done;
    }

    async function alone(given: unknown[], text: string): Promise<unknown> {
      await ask('begin');
      try {
        const result = await ask(...given);
        await commit(new Set(tablesIn(text)));
        return result;
      } catch (error) {
        await ask('rollback').catch(() => undefined);
        throw error;
      }
    }

    async function run(given: unknown[]): Promise<unknown> {
      const text = textOf(given[0]);
      const [verb = ''] = /^\s*\w+/.exec(text.toLowerCase()) ?? [];
      switch (verb.trim()) {
        case 'begin':
        case 'start':
          touched = new Set();
          return ask(...given);
        case 'commit': {
          const tables = touched ?? new Set();
          touched = undefined;
          return commit(tables);
        }
        case 'rollback':
          touched = undefined;
          return ask(...given);
        default:
          if (touched === undefined) return alone(given, text);
          for (const table of tablesIn(text)) touched.add(table);
          return ask(...given);
      }
    }

    Object.assign(client, { query: (...given: unknown[]) => byPromiseOrCallback(run, given) });
  });
}

type Query = (...given: unknown[]) => Promise<{ rows: Record<string, unknown>[] }>;

function textOf(first: unknown): string {
  if (typeof first === 'string') return first;
  const isNamed = typeof first === 'object' && first !== null && 'text' in first;
  return isNamed && typeof first.text === 'string' ? first.text : '';
}

/** pg's pool asks with a callback, everybody else waits for a promise. */
function byPromiseOrCallback(
  run: (given: unknown[]) => Promise<unknown>,
  given: unknown[],
): Promise<unknown> | undefined {
  if (typeof given.at(-1) !== 'function') return run(given);
  const done = given.at(-1) as (error: unknown, result?: unknown) => void; // pg's callback, just seen
  run(given.slice(0, -1)).then((result) => {
    done(null, result);
  }, done);
  return undefined;
}

/** What the bot says of itself after each start. */
const OF_THE_BOT = /\/bot\/(?:getMe|[gs]et(?:My|Webhook|ChatMenu)\w*)$/;

/** Passes a point before each call leaves this process and after its whole answer is here. */
export function watchCalls({ pass }: CrashPoints): void {
  const watch = (channel: string, when: string): void => {
    subscribe(channel, (message) => {
      const call = callOf(message);
      if (!OF_THE_BOT.test(call)) pass(`${when} the call ${call}`);
    });
  };
  watch('undici:request:create', 'before');
  watch('undici:request:trailers', 'after');
}

/** Method and path without what differs from call to call, and without the bot's token. */
function callOf(message: unknown): string {
  const { request } = message as { request: { method: string; path: string } }; // undici's channel
  const parts = (request.path.split('?', 1)[0] ?? '').split('/').map((part) => {
    if (/^bot\d+:/.test(part)) return 'bot';
    const isId = /^\d+$/.test(part) || (part.length >= ID_LENGTH_MIN && /\d/.test(part));
    return isId ? ':id' : part;
  });
  return `${request.method} ${parts.join('/')}`;
}

/** Names of methods are shorter, or hold no digit. */
const ID_LENGTH_MIN = 5;

/** Passes a point before each answer to a notice is given and after it has left. */
export function watchAnswers({ pass }: CrashPoints): void {
  const names = new WeakMap<object, string>();
  subscribe('http.server.response.created', (message) => {
    const { request, response } = message as Exchange; // Node's channel
    const [path = ''] = (request.url ?? '').split('?', 1);
    if (!path.startsWith('/webhooks/')) return;
    names.set(response, path.replace(/\/\d+$/, ''));
    const end = response.end.bind(response) as (...given: unknown[]) => ServerResponse; // one of its overloads
    const told = (...given: unknown[]): ServerResponse => {
      pass(`before the answer to ${names.get(response) ?? ''} ${response.statusCode}`);
      return end(...given);
    };
    Object.assign(response, { end: told });
  });
  subscribe('http.server.response.finish', (message) => {
    const { response } = message as Exchange; // Node's channel
    const name = names.get(response);
    if (name !== undefined) pass(`after the answer to ${name} ${response.statusCode}`);
  });
}

type Exchange = Readonly<{ request: { url?: string }; response: ServerResponse }>;
