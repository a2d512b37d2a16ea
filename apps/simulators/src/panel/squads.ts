import { demand, empty, respond } from './answers.ts';
import type { Api, Call } from './gate.ts';
import { application } from './refusal.ts';
import * as is from './rules.ts';
import { DEFAULT_INBOUND } from './inbound.ts';
import type { ExternalSquad, InternalSquad, PanelState } from './state.ts';
import type { User } from './user.ts';

const NAME = is.text({ min: 2, max: 30 });
const CREATE: is.Rules = {
  name: { rule: NAME, required: true },
  inbounds: { rule: is.listOf(is.uuid), required: true },
};
const CHANGE: is.Rules = {
  uuid: { rule: is.uuid, required: true },
  name: { rule: NAME },
  inbounds: { rule: is.listOf(is.uuid) },
};
const MANY: is.Rules = {
  userIds: {
    rule: is.listOf(is.number({ whole: true }), { min: 1, max: 1_000 }),
    required: true,
  },
};

/** Internal squads decide which servers a user gets; external ones only how the link looks. */
export function registerSquads(api: Api, state: PanelState): void {
  registerInternal(api, state);
  registerMembership(api, state);
  registerExternal(api, state);
}

function registerInternal(api: Api, state: PanelState): void {
  api('GET', '/internal-squads', () => {
    const squads = state.squads.values();
    const internalSquads = squads.map((squad) => viewSquad(state, squad));
    return respond(200, { total: squads.length, internalSquads });
  });
  api('GET', '/internal-squads/:uuid', (call) =>
    respond(200, viewSquad(state, squadOf(state, call))),
  );
  api('POST', '/internal-squads', (call) => {
    demand(call, CREATE);
    refuseClash(state, String(call.body['name']));
    const at = state.now();
    const squad: InternalSquad = {
      uuid: state.random.uuid(),
      viewPosition: state.squads.size + 1,
      name: String(call.body['name']),
      inbounds: call.body['inbounds'] as string[], // CREATE saw a list of uuids
      createdAt: at,
      updatedAt: at,
    };
    state.squads.put(squad.uuid, squad);
    return respond(201, viewSquad(state, squad));
  });
  api('PATCH', '/internal-squads', (call) => {
    demand(call, CHANGE);
    const { uuid, name, inbounds } = call.body;
    const squad = state.squads.get(String(uuid));
    if (squad === undefined) throw squadNotFound();
    if (typeof name === 'string' && name !== squad.name) refuseClash(state, name);
    const changed: InternalSquad = {
      ...squad,
      name: typeof name === 'string' ? name : squad.name,
      inbounds: Array.isArray(inbounds) ? (inbounds as string[]) : squad.inbounds, // by CHANGE
      updatedAt: state.now(),
    };
    state.squads.put(squad.uuid, changed);
    return respond(200, viewSquad(state, changed));
  });
  api('DELETE', '/internal-squads/:uuid', (call) => {
    const { uuid } = squadOf(state, call);
    state.squads.delete(uuid);
    for (const user of state.users.all()) leave(state, user, uuid);
    return empty(204);
  });
}

/** `add-users` and `remove-users` mean every user of the panel: the trap of the documentation. */
function registerMembership(api: Api, state: PanelState): void {
  const membership = (
    method: string,
    name: string,
    act: (state: PanelState, user: User, squad: string) => void,
    everyone: boolean,
  ): void => {
    api(method, `/internal-squads/:uuid/bulk-actions/${name}`, (call) => {
      const { uuid } = squadOf(state, call);
      if (!everyone) demand(call, MANY);
      const wanted = new Set(everyone ? [] : (call.body['userIds'] as number[])); // MANY saw numbers
      for (const user of state.users.all()) {
        if (everyone || wanted.has(user.id)) act(state, user, uuid);
      }
      return empty(202);
    });
  };
  membership('POST', 'add-users', join, true);
  membership('DELETE', 'remove-users', leave, true);
  membership('POST', 'add-many-users', join, false);
  membership('DELETE', 'remove-many-users', leave, false);
}

function registerExternal(api: Api, state: PanelState): void {
  api('GET', '/external-squads', () => {
    const squads = state.externalSquads.values();
    const externalSquads = squads.map((squad) => viewExternal(state, squad));
    return respond(200, { total: squads.length, externalSquads });
  });
  api('POST', '/external-squads', (call) => {
    demand(call, { name: { rule: NAME, required: true } });
    const name = String(call.body['name']);
    if (state.externalSquads.values().some((squad) => squad.name === name)) {
      throw application(400, 'A189', 'External squad already exists');
    }
    const at = state.now();
    const squad: ExternalSquad = {
      uuid: state.random.uuid(),
      viewPosition: state.externalSquads.size + 1,
      name,
      createdAt: at,
      updatedAt: at,
    };
    state.externalSquads.put(squad.uuid, squad);
    return respond(201, viewExternal(state, squad));
  });
}

function viewSquad(state: PanelState, { inbounds, ...squad }: InternalSquad): object {
  const members = state.users.all().filter((user) => user.squads.includes(squad.uuid));
  const { createdAt, updatedAt, ...head } = squad;
  return {
    ...head,
    info: { membersCount: members.length, inboundsCount: inbounds.length },
    inbounds: inbounds.map((uuid) => ({ ...DEFAULT_INBOUND, uuid })),
    createdAt,
    updatedAt,
  };
}

function viewExternal(state: PanelState, squad: ExternalSquad): object {
  const members = state.users.all().filter((user) => user.externalSquadUuid === squad.uuid);
  const { createdAt, updatedAt, ...head } = squad;
  return {
    ...head,
    info: { membersCount: members.length },
    templates: [],
    subscriptionSettings: null,
    hostOverrides: null,
    responseHeadersAdd: {},
    responseHeadersRemove: [],
    hwidSettings: null,
    customRemarks: null,
    subpageConfigUuid: null,
    createdAt,
    updatedAt,
  };
}

const squadNotFound = (): Error => application(404, 'A118', 'Internal squad not found');

function squadOf(state: PanelState, { request }: Call): InternalSquad {
  const squad = state.squads.get(request.params['uuid'] ?? '');
  if (squad === undefined) throw squadNotFound();
  return squad;
}

function refuseClash(state: PanelState, name: string): void {
  if (state.squads.values().some((squad) => squad.name === name)) {
    throw application(409, 'A120', 'Internal squad already exists');
  }
}

function join(state: PanelState, user: User, squad: string): void {
  if (user.squads.includes(squad)) return;
  state.users.save({ ...user, squads: [...user.squads, squad] });
}

function leave(state: PanelState, user: User, squad: string): void {
  if (!user.squads.includes(squad)) return;
  state.users.save({ ...user, squads: user.squads.filter((each) => each !== squad) });
}
