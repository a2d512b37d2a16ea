/**
 * For tests: a panel of few words over a scripted server. It remembers accounts and answers with the
 * bodies recorded from true panels 3.3.2 and 2.8.1 (`fixtures/transcripts.json`), changed only where
 * the request says so. What 2.8.1 was not asked when it was recorded has the body of 3.3.2.
 */
import type {
  ScriptedAnswer,
  ScriptedRequest,
  ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import type { BehavingPanel } from '../conformance-case.ts';
import transcripts from './fixtures/transcripts.json' with { type: 'json' };

type Recorded = { name: string; response: { status?: number; body?: unknown } };
type Fields = Readonly<Record<string, unknown>>;
type User = Record<string, unknown> & { id: number; uuid: string; username: string };
type Device = Readonly<{ hwid: string }>;
type Recording = 'panel_3_3_2' | 'panel_2_8_1';

/** Accounts on one page, small so that paging is seen. */
const PAGE_SIZE = 2;

/** The recorded answer of that name; `panel` chooses the generation. */
export function recorded(
  name: string,
  panel: Recording = 'panel_3_3_2',
): ScriptedAnswer & { status: number } {
  const answer = find(name, panel);
  if (answer === undefined) throw new Error(`no answer recorded as ${name}`);
  return answer;
}

/** What a recorded success holds in its envelope. */
export function responseOf(name: string, panel?: Recording): Fields {
  const { body } = recorded(name, panel) as { body: { response: Fields } }; // asked for successes
  return body.response;
}

export function scriptPanel(server: ScriptedServer, version = '3.3.2'): BehavingPanel {
  const panel = new ScriptedPanel(version);
  server.answerWith('*', (request) => panel.answer(request));
  return panel;
}

class ScriptedPanel implements BehavingPanel {
  #version: string;
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

  becomeVersion(version: string): void {
    this.#version = version;
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
      if (user !== undefined) return this.#said('user-create-duplicate-username');
      return this.#changed(201, this.#create(username, fields));
    }
    if (path === '/api/users' && method === 'PATCH') {
      if (user === undefined) return this.#said('user-update-404');
      return this.#changed(200, Object.assign(user, withSquads(fields)));
    }
    if (path === '/api/hwid/devices/delete') return this.#removeDevice(fields);
    return this.#act(path);
  }

  get #recording(): Recording {
    return this.#isSecond ? 'panel_2_8_1' : 'panel_3_3_2';
  }

  get #isSecond(): boolean {
    return this.#version.startsWith('2.');
  }

  #said(name: string): ScriptedAnswer {
    return find(name, this.#recording) ?? recorded(name);
  }

  /** An account by what this generation names it with, or the recorded refusal of the other. */
  #named(key: unknown): User | ScriptedAnswer {
    const isFitting = this.#isSecond ? /^[0-9a-f-]{36}$/ : /^\d+$/;
    if (!isFitting.test(String(key))) {
      return this.#said(
        this.#isSecond ? 'user-get-numeric-id-3x-style' : 'user-get-by-id-not-number',
      );
    }
    const name = this.#isSecond ? 'uuid' : 'id';
    const user = [...this.#users.values()].find((one) => String(one[name]) === key);
    return user ?? this.#said('user-update-404');
  }

  #read(path: string, query: URLSearchParams): ScriptedAnswer {
    const name = path.split('/').at(-1) ?? '';
    if (path === '/api/system/metadata') return success({ version: this.#version });
    if (path === '/api/internal-squads') return recorded('internal-squads');
    if (path.startsWith('/api/hwid/devices/')) {
      const user = this.#named(name);
      return isUser(user) ? success({ devices: this.#devices.get(user.id) ?? [] }) : user;
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
      users: users.map((user) => this.#view(user)),
      nextCursor: rest.length > PAGE_SIZE ? String(users.at(-1)?.id) : null,
      hasMore: rest.length > PAGE_SIZE,
    });
  }

  /** The uuid is gone since 3.0. */
  #view({ uuid, ...user }: User): Fields {
    return this.#isSecond ? { uuid, ...user } : user;
  }

  /** Counters beyond 2^53 cannot pass through a number: they are written into the text. */
  #shown(user: User): ScriptedAnswer {
    const bytes = this.#usedBytes.get(user.username);
    if (bytes === undefined) return success(this.#view(user));
    const text = JSON.stringify({ response: this.#view(user) });
    const body = text.replace(/"usedTrafficBytes":\d+/, `"usedTrafficBytes":${String(bytes)}`);
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }

  #act(path: string): ScriptedAnswer {
    const [, , , key, , action = ''] = path.split('/');
    const user = this.#named(key);
    if (!isUser(user)) return user;
    const status = action === 'disable' ? 'DISABLED' : 'ACTIVE';
    if (user['status'] === status) return this.#said(`user-${action}-again`);
    return this.#changed(200, Object.assign(user, { status }));
  }

  #removeDevice(body: Fields): ScriptedAnswer {
    const owner = this.#named(String(body[this.#isSecond ? 'userUuid' : 'userId']));
    if (!isUser(owner)) return owner;
    const before = this.#devices.get(owner.id) ?? [];
    const left = before.filter((device) => device.hwid !== body['hwid']);
    if (left.length === before.length) return recorded('hwid-delete-404');
    this.#devices.set(owner.id, left);
    return this.#changed(200, { total: left.length, devices: left });
  }

  #create(username: string, fields: Fields): User {
    const id = this.#users.size + 2;
    const uuid = `f493e3d5-f937-4558-97e4-${String(id).padStart(12, '0')}`;
    const { id: _id, uuid: _uuid, ...template } = this.#template();
    const user = { ...template, ...withSquads(fields), username, id, uuid };
    this.#users.set(username, user);
    return user;
  }

  #template(): Fields {
    return this.#isSecond
      ? responseOf('user-create', 'panel_2_8_1')
      : responseOf('user-create-minimal');
  }

  #changed(status: number, response: Fields): ScriptedAnswer {
    this.#written += 1;
    const isLost = this.#isAnswerLost;
    this.#isAnswerLost = false;
    const shown = 'username' in response ? this.#view(response as User) : response; // ours
    return isLost ? 'reset' : { status, body: { response: shown } };
  }
}

function find(name: string, panel: Recording): { status: number; body: unknown } | undefined {
  const entries: readonly Recorded[] = transcripts[panel];
  const found = entries.find((entry) => entry.name === name)?.response;
  return found?.status === undefined ? undefined : { status: found.status, body: found.body };
}

function isUser(one: User | ScriptedAnswer): one is User {
  return typeof one === 'object' && 'username' in one;
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
