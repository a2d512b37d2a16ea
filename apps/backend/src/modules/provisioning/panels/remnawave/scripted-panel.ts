/**
 * For tests: a panel of few words over a scripted server. It remembers accounts and answers with the
 * bodies recorded from a true panel 3.3.2 (`fixtures/transcripts.json`), changed only where the
 * request says so.
 */
import type {
  ScriptedAnswer,
  ScriptedRequest,
  ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import type { BehavingPanel } from '../conformance.ts';
import transcripts from './fixtures/transcripts.json' with { type: 'json' };

type Recorded = { name: string; response: { status?: number; body?: unknown } };
type Fields = Readonly<Record<string, unknown>>;
type User = Record<string, unknown> & { id: number; username: string };
type Device = Readonly<{ hwid: string }>;

/** Accounts on one page, small so that paging is seen. */
const PAGE_SIZE = 2;

/** The recorded answer of that name; `panel` chooses the generation. */
export function recorded(
  name: string,
  panel: 'panel_3_3_2' | 'panel_2_8_1' = 'panel_3_3_2',
): ScriptedAnswer & object {
  const entries: readonly Recorded[] = transcripts[panel];
  const found = entries.find((entry) => entry.name === name)?.response;
  if (found?.status === undefined) throw new Error(`no answer recorded as ${name}`);
  return { status: found.status, body: found.body };
}

/** What a recorded success holds in its envelope. */
export function responseOf(name: string): Fields {
  const { body } = recorded(name) as { body: { response: Fields } }; // only asked for successes
  return body.response;
}

export function scriptPanel(server: ScriptedServer, version = '3.3.2'): BehavingPanel {
  const panel = new ScriptedPanel(version);
  server.answerWith('*', (request) => panel.answer(request));
  return panel;
}

class ScriptedPanel implements BehavingPanel {
  readonly #version: string;
  readonly #users = new Map<string, User>();
  readonly #devices = new Map<number, readonly Device[]>();
  readonly #usedBytes = new Map<string, bigint>();
  #written = 0;
  #isAnswerLost = false;
  #behindRead: string | undefined;

  constructor(version: string) {
    this.#version = version;
  }

  usernames(): readonly string[] {
    return [...this.#users.keys()];
  }

  writes(): number {
    return this.#written;
  }

  loseNextAnswer(): void {
    this.#isAnswerLost = true;
  }

  createBehindNextRead(username: string): void {
    this.#behindRead = username;
  }

  addDevice(username: string, hwid: string): void {
    const id = this.#users.get(username)?.id ?? 0;
    const [device] = responseOf('hwid-create')['devices'] as readonly Device[]; // as recorded
    this.#devices.set(id, [...(this.#devices.get(id) ?? []), { ...device, hwid }]);
  }

  setUsedBytes(username: string, bytes: bigint): void {
    this.#usedBytes.set(username, bytes);
  }

  answer({ method, path, query, body, headers }: ScriptedRequest): ScriptedAnswer {
    if (headers['x-forwarded-proto'] !== 'https' || headers['x-forwarded-for'] === undefined) {
      return 'reset';
    }
    if (method === 'GET') return this.#read(path, query);
    const { username = '', ...fields } = body as Fields & { username?: string }; // our adapter's
    const user = this.#users.get(username);
    if (path === '/api/users' && method === 'POST') {
      if (user !== undefined) return recorded('user-create-duplicate-username');
      return this.#changed(201, this.#create(username, fields));
    }
    if (path === '/api/users' && method === 'PATCH') {
      if (user === undefined) return recorded('user-update-404');
      return this.#changed(200, Object.assign(user, withSquads(fields)));
    }
    if (path === '/api/hwid/devices/delete') {
      return this.#removeDevice(body as { userId: number; hwid: string }); // our adapter's
    }
    return this.#act(path);
  }

  #read(path: string, query: URLSearchParams): ScriptedAnswer {
    const name = path.split('/').at(-1) ?? '';
    if (path === '/api/system/metadata') return success({ version: this.#version });
    if (path === '/api/internal-squads') return recorded('internal-squads');
    if (path.startsWith('/api/hwid/devices/')) {
      return success({ devices: this.#devices.get(Number(name)) ?? [] });
    }
    if (path === '/api/users/stream') return this.#page(Number(query.get('cursor') ?? 0));
    const user = this.#users.get(name);
    if (this.#behindRead === name) this.#create(name, { expireAt: '2030-01-01T00:00:00.000Z' });
    this.#behindRead = undefined;
    return user === undefined ? recorded('user-get-by-id-404') : this.#shown(user);
  }

  #page(after: number): ScriptedAnswer {
    const rest = [...this.#users.values()].filter(({ id }) => id > after);
    const users = rest.slice(0, PAGE_SIZE);
    return success({
      users,
      nextCursor: rest.length > PAGE_SIZE ? String(users.at(-1)?.id) : null,
      hasMore: rest.length > PAGE_SIZE,
    });
  }

  /** Counters beyond 2^53 cannot pass through a number: they are written into the text. */
  #shown(user: User): ScriptedAnswer {
    const bytes = this.#usedBytes.get(user.username);
    if (bytes === undefined) return success(user);
    const text = JSON.stringify({ response: user });
    const body = text.replace(/"usedTrafficBytes":\d+/, `"usedTrafficBytes":${String(bytes)}`);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }

  #act(path: string): ScriptedAnswer {
    const [, , , id, , action = ''] = path.split('/');
    const user = [...this.#users.values()].find((one) => String(one.id) === id);
    if (user === undefined) return recorded('user-update-404');
    const status = action === 'disable' ? 'DISABLED' : 'ACTIVE';
    if (user['status'] === status) return recorded(`user-${action}-again`);
    return this.#changed(200, Object.assign(user, { status }));
  }

  #removeDevice({ userId, hwid }: { userId: number; hwid: string }): ScriptedAnswer {
    const before = this.#devices.get(userId) ?? [];
    const left = before.filter((device) => device.hwid !== hwid);
    if (left.length === before.length) return recorded('hwid-delete-404');
    this.#devices.set(userId, left);
    return this.#changed(200, { total: left.length, devices: left });
  }

  #create(username: string, fields: Fields): User {
    const template = responseOf('user-create-minimal');
    const user = { ...template, ...withSquads(fields), username, id: this.#users.size + 2 };
    this.#users.set(username, user);
    return user;
  }

  #changed(status: number, response: unknown): ScriptedAnswer {
    this.#written += 1;
    const isLost = this.#isAnswerLost;
    this.#isAnswerLost = false;
    return isLost ? 'reset' : { status, body: { response } };
  }
}

function success(response: unknown): ScriptedAnswer {
  return { status: 200, body: { response } };
}

/** Squads are sent as uuids and shown as objects. */
function withSquads(fields: Fields): Fields {
  const uuids: unknown = fields['activeInternalSquads'];
  if (!Array.isArray(uuids)) return fields;
  return { ...fields, activeInternalSquads: uuids.map((uuid: unknown) => ({ uuid })) };
}
