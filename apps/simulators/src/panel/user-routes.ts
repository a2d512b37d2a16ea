import type { Answer } from '../http.ts';
import { demand, empty, respond } from './answers.ts';
import type { Api, Call } from './gate.ts';
import { onlyIn, requireUserAt, userAt } from './generation.ts';
import { application, userNotRead, validation } from './refusal.ts';
import * as is from './rules.ts';
import type { PanelState } from './state.ts';
import type { User } from './user.ts';
import { readCreate, readUpdate } from './user-fields.ts';
import * as users from './users.ts';
import { viewUser } from './view.ts';

const EXTEND: is.Rules = {
  days: { rule: is.number({ whole: true, min: 1, max: 9999 }), required: true },
};
const REVOKE: is.Rules = {
  revokeOnlyPasswords: { rule: is.bool },
  shortUuid: { rule: is.text({ min: 16, max: 64 }) },
};
const METADATA: is.Rules = { metadata: { rule: is.object, required: true } };
const RESOLVE: is.Rules = {
  id: { rule: is.number({ whole: true }) },
  shortUuid: { rule: is.text() },
  username: { rule: is.text() },
};

/** Creating, changing, deleting, reading one user, and the actions on one user. */
export function registerUsers(api: Api, state: PanelState): void {
  const show = (user: User | undefined, status = 200): Answer => {
    if (user === undefined) throw userNotRead();
    return respond(status, viewUser(state, user));
  };
  api('POST', '/users', (call) => create(state, call, show));
  api('PATCH', '/users', (call) => {
    const given = { now: state.world.clock.now(), isSecond: state.isSecond() };
    const { id, uuid, ...fields } = readUpdate(call.body, given);
    const byKey = id === undefined ? state.users.byUuid(uuid ?? '') : state.users.get(id);
    const hasKey = id !== undefined || uuid !== undefined;
    const user = hasKey ? byKey : state.users.byUsername(fields.username ?? '');
    return show(users.changeUser(state, users.requireUser(user), fields));
  });
  api('POST', '/users/resolve', (call) => resolve(state, call));
  api('GET', '/users/by-username/:username', ({ request }) =>
    show(state.users.byUsername(request.params['username'] ?? '')),
  );
  api('GET', '/users/by-short-uuid/:shortUuid', ({ request }) =>
    show(state.users.byShortUuid(request.params['shortUuid'] ?? '')),
  );
  api('GET', '/users/:id', (call) => show(userAt(state, call)));
  api('DELETE', '/users/:id', (call) => {
    users.deleteUser(state, requireUserAt(state, call));
    return state.isSecond() ? respond(200, { isDeleted: true }) : empty(204);
  });
  registerSearches(api, state);
  registerActions(api, state, show);
  registerMetadata(api, state);
}

function create(
  state: PanelState,
  call: Call,
  show: (user: User, status: number) => Answer,
): Answer {
  const named = call.body['username'];
  if (typeof named === 'string') state.count(named, 'createCalls');
  const user = users.createUser(state, readCreate(call.body, state.isSecond()));
  state.count(user.username, 'created');
  return show(user, 201);
}

/** Removed in 3.0. Several users may share a Telegram id, an address or a tag; none is `[]`. */
function registerSearches(api: Api, state: PanelState): void {
  const search = (name: string, field: 'telegramId' | 'email' | 'tag'): void => {
    const find = ({ request }: Call): Answer => {
      const found = state.users
        .all()
        .filter((user) => user[field] !== null && String(user[field]) === request.params['value']);
      return respond(
        200,
        found.map((user) => viewUser(state, user)),
      );
    };
    api('GET', `/users/by-${name}/:value`, onlyIn(state, 2, find));
  };
  search('telegram-id', 'telegramId');
  search('email', 'email');
  search('tag', 'tag');
  const byId = ({ request }: Call): Answer => {
    const user = state.users.get(Number(request.params['number']));
    if (user === undefined) throw userNotRead();
    return respond(200, viewUser(state, user));
  };
  api('GET', '/users/by-id/:number', onlyIn(state, 2, byId));
}

function resolve(state: PanelState, call: Call): Answer {
  demand(call, RESOLVE);
  const { id, shortUuid, username } = call.body;
  const uuid = state.isSecond() ? call.body['uuid'] : undefined;
  const message = 'Exactly one of username, id, shortUuid must be provided';
  if ([id, uuid, shortUuid, username].filter((key) => key !== undefined).length !== 1) {
    throw validation([{ code: 'custom', path: [], message }]);
  }
  const user =
    (typeof id === 'number' ? state.users.get(id) : undefined) ??
    (typeof uuid === 'string' ? state.users.byUuid(uuid) : undefined) ??
    (typeof username === 'string' ? state.users.byUsername(username) : undefined) ??
    (typeof shortUuid === 'string' ? state.users.byShortUuid(shortUuid) : undefined);
  if (user === undefined) throw userNotRead();
  const known = { id: user.id, username: user.username, shortUuid: user.shortUuid };
  return respond(200, state.isSecond() ? { uuid: user.uuid, ...known } : known);
}

function registerActions(api: Api, state: PanelState, show: (user: User) => Answer): void {
  type Act = (user: User, call: Call) => User;
  const handle =
    (act: Act, rules: is.Rules) =>
    (call: Call): Answer => {
      const user = userAt(state, call);
      demand(call, rules);
      return show(act(users.requireUser(user), call));
    };
  const action = (name: string, act: Act, rules: is.Rules): void => {
    api('POST', `/users/:id/actions/${name}`, handle(act, rules));
  };
  const extend: Act = (user, call) => users.extendUser(state, user, Number(call.body['days']));
  api('POST', '/users/:id/actions/extend', onlyIn(state, 3, handle(extend, EXTEND)));
  action('disable', (user) => users.switchUser(state, user, 'DISABLED'), {});
  action('enable', (user) => users.switchUser(state, user, 'ACTIVE'), {});
  action('reset-traffic', (user) => users.resetTraffic(state, user), {});
  const revoke = (user: User, { body: { revokeOnlyPasswords, shortUuid } }: Call): User =>
    users.revokeUser(state, user, {
      onlyPasswords: revokeOnlyPasswords === true,
      shortUuid: typeof shortUuid === 'string' ? shortUuid : undefined,
    });
  action('revoke', revoke, REVOKE);
}

function registerMetadata(api: Api, state: PanelState): void {
  api('GET', '/metadata/user/:id', (call) => {
    const metadata = state.metadata.get(String(userAt(state, call)?.id));
    if (metadata === undefined) throw application(404, 'A226', 'Metadata not found');
    return respond(200, { metadata });
  });
  api('PUT', '/metadata/user/:id', (call) => {
    const { id } = requireUserAt(state, call);
    demand(call, METADATA);
    const metadata = call.body['metadata'] as Record<string, unknown>; // the rule saw an object
    state.metadata.put(String(id), metadata);
    return respond(200, { metadata });
  });
}
