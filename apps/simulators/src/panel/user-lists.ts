import type { Answer } from '../http.ts';
import { demand, empty, respond, wholeNumber } from './answers.ts';
import type { Api, Call } from './gate.ts';
import { validation } from './refusal.ts';
import * as is from './rules.ts';
import type { PanelState } from './state.ts';
import { STATUSES, STRATEGIES, type User } from './user.ts';
import * as users from './users.ts';
import { readUpdate } from './user-fields.ts';
import { viewUser } from './view.ts';

const PAGE_DEFAULT = 25;
const STREAM_DEFAULT = 250;
const PAGE_MAX = 1_000;
const BULK_MAX = 500;
const STREAM_FILTERS = {
  status: { rule: is.oneOf(STATUSES) },
  trafficLimitStrategy: { rule: is.oneOf(STRATEGIES) },
  telegramId: { rule: is.text({ pattern: /^-?\d+$/ }) },
  email: { rule: is.text() },
  tag: { rule: is.text() },
  externalSquadUuid: { rule: is.uuid },
} satisfies is.Rules;
type StreamFilter = keyof typeof STREAM_FILTERS;

const BULK = { min: 1, max: BULK_MAX };
const BY_NUMBER: is.Rules = {
  userIds: { rule: is.listOf(is.number({ whole: true }), BULK), required: true },
};
const BY_UUID: is.Rules = { uuids: { rule: is.listOf(is.uuid, BULK), required: true } };
const days = { rule: is.number({ whole: true, min: 1, max: 9999 }), required: true };

/** The list, the stream, and the acts on many users at once. */
export function registerUserLists(api: Api, state: PanelState): void {
  api('GET', '/users', (call) => list(state, call));
  api('GET', '/users/stream', (call) => stream(state, call));
  registerBulk(api, state);
}

/** Pages by offset, newest first. */
function list(state: PanelState, { request: { query } }: Call): Answer {
  const start = wholeNumber(query, 'start', { least: 0, most: Infinity, otherwise: 0 });
  const size = wholeNumber(query, 'size', { least: 1, most: PAGE_MAX, otherwise: PAGE_DEFAULT });
  const found = state.users
    .all()
    .reverse()
    .filter(matcher(query.get('filters')));
  const page = found.slice(start, start + size);
  return respond(200, {
    total: found.length,
    users: page.map((user) => viewUser(state, user)),
  });
}

/** Pages by key in ascending id; `nextCursor` is the last id shown while there are more. */
function stream(state: PanelState, { request: { query } }: Call): Answer {
  const size = wholeNumber(query, 'size', { least: 1, most: PAGE_MAX, otherwise: STREAM_DEFAULT });
  const after = wholeNumber(query, 'cursor', { least: 0, most: Infinity, otherwise: 0 });
  const issues = is.findIssues(Object.fromEntries(query), STREAM_FILTERS);
  if (issues.length > 0) throw validation(issues);
  const names = Object.keys(STREAM_FILTERS) as StreamFilter[]; // keys() forgets the literal names
  const keys = names.filter((key) => query.has(key));
  const found = state.users
    .all()
    .filter((user) => user.id > after && keys.every((key) => String(user[key]) === query.get(key)));
  const page = found.slice(0, size);
  const hasMore = found.length > size;
  return respond(200, {
    users: page.map((user) => viewUser(state, user)),
    nextCursor: hasMore ? String(page.at(-1)?.id) : null,
    hasMore,
  });
}

/** `filters=[{"id":"email","value":"x"}]`: each value must occur in the field named by id. */
function matcher(filters: string | null): (user: User) => boolean {
  if (filters === null) return () => true;
  let parsed: unknown;
  try {
    parsed = JSON.parse(filters);
  } catch {
    throw validation(undefined);
  }
  if (!Array.isArray(parsed)) throw validation(undefined);
  const wanted = parsed as readonly Readonly<Record<string, unknown>>[]; // odd members match nothing
  return (user) => {
    const fields = new Map(Object.entries(user));
    return wanted.every((each) =>
      String(fields.get(String(each['id'])) ?? '').includes(String(each['value'])),
    );
  };
}

function registerBulk(api: Api, state: PanelState): void {
  /** Unknown ones are not reported; 2.x names them by uuid and says how many were found. */
  const named = ({ body }: Call): User[] =>
    state.isSecond()
      ? (body['uuids'] as string[]).flatMap((uuid) => state.users.byUuid(uuid) ?? []) // BY_UUID
      : (body['userIds'] as number[]).flatMap((id) => state.users.get(id) ?? []); // BY_NUMBER
  const bulk = (
    name: string,
    status: 202 | 204,
    act: (call: Call, found: User[]) => void,
  ): void => {
    api('POST', `/users/bulk/${name}`, (call) => {
      demand(call, state.isSecond() ? BY_UUID : BY_NUMBER);
      const found = named(call);
      act(call, found);
      return state.isSecond() ? respond(200, { affectedRows: found.length }) : empty(status);
    });
  };
  bulk('extend-expiration-date', 204, (call, found) => {
    demand(call, { extendDays: days });
    for (const user of found) users.extendInBulk(state, user, Number(call.body['extendDays']));
  });
  bulk('update', 202, (call, found) => {
    demand(call, { fields: { rule: is.object, required: true } });
    const fields = call.body['fields'] as Record<string, unknown>; // the rule saw an object
    // The rules of a change want to know whose; here the ids stand beside the fields.
    const given = { now: state.world.clock.now(), isSecond: false };
    const { id: _id, ...change } = readUpdate({ ...fields, id: 0 }, given);
    for (const user of found) users.changeUser(state, user, change);
  });
  bulk('delete', 204, (_call, found) => {
    for (const user of found) users.deleteUser(state, user);
  });
  bulk('reset-traffic', 202, (_call, found) => {
    for (const user of found) users.resetTraffic(state, user);
  });
  bulk('revoke-subscription', 202, (_call, found) => {
    const wish = { onlyPasswords: false, shortUuid: undefined };
    for (const user of found) users.revokeUser(state, user, wish);
  });
  bulk('update-squads', 204, (call, found) => {
    demand(call, { activeInternalSquads: { rule: is.listOf(is.uuid), required: true } });
    const squads = call.body['activeInternalSquads'] as string[]; // the rule saw a list of uuids
    for (const user of found) users.changeUser(state, user, { activeInternalSquads: squads });
  });
  api('POST', '/users/bulk/all/extend-expiration-date', (call) => {
    demand(call, { extendDays: days });
    for (const user of state.users.all()) {
      users.extendInBulk(state, user, Number(call.body['extendDays']));
    }
    return state.isSecond() ? respond(200, { eventSent: true }) : empty(202);
  });
}
