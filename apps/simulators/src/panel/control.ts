import { json, parseJson, type Answer, type Request, type Router } from '../http.ts';
import { addDevice, devicesOf } from './devices.ts';
import * as is from './rules.ts';
import type { PanelState, Settings } from './state.ts';
import { addNode, adminToken, installVersion } from './system.ts';
import type { User } from './user.ts';

const LIST = is.listOf(is.number());
const HOSTS = is.listOf(is.object);
const SETTINGS: is.Rules = {
  webhookUrl: { rule: is.nullable(is.text()) },
  tokenDeleted: { rule: is.bool },
  version: { rule: is.text({ min: 1 }) },
  hosts: { rule: HOSTS },
  hwidEnforced: { rule: is.bool },
  hwidFallbackLimit: { rule: is.number({ whole: true, min: 0 }) },
  expirationHours: { rule: LIST },
  notConnectedHours: { rule: LIST },
  bandwidthPercents: { rule: LIST },
};
const bytes = is.number({ whole: true, min: 0 });
const TRAFFIC: is.Rules = {
  usedBytes: { rule: bytes, required: true },
  lifetimeBytes: { rule: bytes },
  online: { rule: is.bool },
};
const detail = { rule: is.nullable(is.text()) };
const DEVICE: is.Rules = {
  hwid: { rule: is.text({ min: 1 }), required: true },
  platform: detail,
  osVersion: detail,
  deviceModel: detail,
  userAgent: detail,
  requestIp: detail,
};
const NODE: is.Rules = {
  name: { rule: is.text({ min: 1 }), required: true },
  address: { rule: is.text({ min: 1 }), required: true },
  port: { rule: is.number({ whole: true, min: 1 }), required: true },
  countryCode: { rule: is.text({ min: 2, max: 2 }), required: true },
};

type Body = Record<string, unknown>;

/**
 * `/remnawave/control/`: what a drill or a person does behind the panel's back. Not part of the
 * panel's API: no token, no proxy headers, no faults; a bad body is 400 with its issues.
 */
export function registerControl(router: Router, state: PanelState): void {
  const on = (method: string, path: string, act: (request: Request) => Answer): void => {
    router.on(method, `/remnawave/control/${path}`, (request) =>
      state.world.store.together(() => act(request)),
    );
  };
  on('GET', 'users', () =>
    json(200, { users: state.users.all().map((user) => brief(state, user)) }),
  );
  on('GET', 'calls', () => json(200, { calls: Object.fromEntries(state.calls.entries()) }));
  on('GET', 'settings', () => json(200, state.settings()));
  on('GET', 'admin-token', () => json(200, { accessToken: adminToken(state) }));
  on('PUT', 'settings', (request) =>
    checked(request, SETTINGS, (body) => {
      const { version, ...rest } = known(body);
      state.change(rest);
      if (version !== undefined) installVersion(state, version);
      return json(200, state.settings());
    }),
  );
  on('POST', 'nodes', (request) =>
    checked(request, NODE, ({ name, address, port, countryCode }) =>
      json(
        201,
        addNode(state, {
          name: String(name),
          address: String(address),
          port: Number(port),
          countryCode: String(countryCode),
        }),
      ),
    ),
  );
  on('POST', 'users/:id/traffic', (request) =>
    checked(request, TRAFFIC, (body) => withUser(state, request, (user) => use(state, user, body))),
  );
  on('POST', 'users/:id/hwid', (request) =>
    checked(request, DEVICE, ({ hwid, ...details }) =>
      withUser(state, request, (user) =>
        json(201, addDevice(state, user, { hwid: String(hwid), ...details })),
      ),
    ),
  );
}

function brief(state: PanelState, user: User): object {
  const { id, username, status, expireAt, shortUuid } = user;
  const count = state.calls.get(username);
  return {
    ...{ id, username, status, expireAt, shortUuid },
    creates: count?.created ?? 0,
    updates: count?.updates ?? 0,
  };
}

function use(state: PanelState, user: User, body: Body): Answer {
  const used = Number(body['usedBytes']);
  const more = Math.max(0, used - user.usedTrafficBytes);
  const saved = state.users.save({
    ...user,
    usedTrafficBytes: used,
    lifetimeUsedTrafficBytes: Number(body['lifetimeBytes'] ?? user.lifetimeUsedTrafficBytes + more),
    onlineAt: body['online'] === true ? state.now() : user.onlineAt,
  });
  return json(200, { ...brief(state, saved), devices: devicesOf(state, user.id).length });
}

function checked(request: Request, rules: is.Rules, act: (body: Body) => Answer): Answer {
  const body = parseJson(request.body);
  if (typeof body !== 'object' || body === null) return json(400, { error: 'JSON object wanted' });
  const members = body as Body; // a JSON object; its members are checked by the rules
  const errors = is.findIssues(members, rules);
  return errors.length > 0 ? json(400, { error: 'bad body', errors }) : act(members);
}

function known(body: Body): Partial<Settings> {
  const wanted = Object.keys(SETTINGS).filter((key) => body[key] !== undefined);
  return Object.fromEntries(wanted.map((key) => [key, body[key]]));
}

function withUser(state: PanelState, request: Request, act: (user: User) => Answer): Answer {
  const user = state.users.get(Number(request.params['id']));
  return user === undefined ? json(404, { error: 'no such user' }) : act(user);
}
