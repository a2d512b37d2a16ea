import type { Answer } from '../http.ts';
import { demand, empty, respond } from './answers.ts';
import { userIdOf, type Api, type Call } from './gate.ts';
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
    const { id, ...fields } = readUpdate(call.body, state.world.clock.now());
    const named = id === undefined ? state.users.byUsername(fields.username ?? '') : undefined;
    const user = named ?? users.requireUser(state, id ?? NaN);
    return show(users.changeUser(state, user, fields));
  });
  api('POST', '/users/resolve', (call) => resolve(state, call));
  api('GET', '/users/by-username/:username', ({ request }) =>
    show(state.users.byUsername(request.params['username'] ?? '')),
  );
  api('GET', '/users/by-short-uuid/:shortUuid', ({ request }) =>
    show(state.users.byShortUuid(request.params['shortUuid'] ?? '')),
  );
  api('GET', '/users/:id', (call) => show(state.users.get(userIdOf(call))));
  api('DELETE', '/users/:id', (call) => {
    users.deleteUser(state, users.requireUser(state, userIdOf(call)));
    return empty(204);
  });
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
  const user = users.createUser(state, readCreate(call.body));
  state.count(user.username, 'created');
  return show(user, 201);
}

function resolve(state: PanelState, call: Call): Answer {
  demand(call, RESOLVE);
  const { id, shortUuid, username } = call.body;
  const message = 'Exactly one of username, id, shortUuid must be provided';
  if ([id, shortUuid, username].filter((key) => key !== undefined).length !== 1) {
    throw validation([{ code: 'custom', path: [], message }]);
  }
  const user =
    (typeof id === 'number' ? state.users.get(id) : undefined) ??
    (typeof username === 'string' ? state.users.byUsername(username) : undefined) ??
    (typeof shortUuid === 'string' ? state.users.byShortUuid(shortUuid) : undefined);
  if (user === undefined) throw userNotRead();
  return respond(200, { id: user.id, username: user.username, shortUuid: user.shortUuid });
}

function registerActions(api: Api, state: PanelState, show: (user: User) => Answer): void {
  const action = (name: string, act: (user: User, call: Call) => User, rules: is.Rules): void => {
    api('POST', `/users/:id/actions/${name}`, (call) => {
      const id = userIdOf(call);
      demand(call, rules);
      return show(act(users.requireUser(state, id), call));
    });
  };
  action(
    'extend',
    (user, call) => users.extendUser(state, user, Number(call.body['days'])),
    EXTEND,
  );
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
    const metadata = state.metadata.get(String(userIdOf(call)));
    if (metadata === undefined) throw application(404, 'A226', 'Metadata not found');
    return respond(200, { metadata });
  });
  api('PUT', '/metadata/user/:id', (call) => {
    const { id } = users.requireUser(state, userIdOf(call));
    demand(call, METADATA);
    const metadata = call.body['metadata'] as Record<string, unknown>; // the rule saw an object
    state.metadata.put(String(id), metadata);
    return respond(200, { metadata });
  });
}
