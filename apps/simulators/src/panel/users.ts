import { application, userNotFound } from './refusal.ts';
import type { PanelState } from './state.ts';
import type { User } from './user.ts';
import type { UserFields } from './user-fields.ts';
import { sendUserEvent } from './webhooks.ts';

const DAY_MS = 86_400_000;
const SHORT_UUID_LENGTH = 16;
const PASSWORD_LENGTH = 32;

const time = (date: string): number => new Date(date).getTime();
const afterDays = (from: number, days: number): string =>
  new Date(from + days * DAY_MS).toISOString();

/** Creates a user; a taken username is A019, a client's slip the panel crashes on is A018. */
export function createUser(
  state: PanelState,
  fields: UserFields & { username: string; expireAt: string },
): User {
  const { users, random } = state;
  if (users.byUsername(fields.username) !== undefined) {
    throw application(400, 'A019', 'User username already exists');
  }
  if (fields.shortUuid !== undefined && users.byShortUuid(fields.shortUuid) !== undefined) {
    throw application(400, 'A020', 'User short UUID already exists');
  }
  if (!isStorable(state, fields)) throw application(500, 'A018', 'Failed to create user');
  const at = state.now();
  const { activeInternalSquads, ...given } = fields;
  const user = users.save({
    id: users.nextId(),
    uuid: random.uuid(),
    shortUuid: random.text(SHORT_UUID_LENGTH),
    status: 'ACTIVE',
    trafficLimitBytes: 0,
    trafficLimitStrategy: 'NO_RESET',
    telegramId: null,
    email: null,
    description: null,
    tag: null,
    hwidDeviceLimit: null,
    externalSquadUuid: null,
    trojanPassword: random.text(PASSWORD_LENGTH),
    vlessUuid: random.uuid(),
    ssPassword: random.text(PASSWORD_LENGTH),
    lastTriggeredThreshold: 0,
    subRevokedAt: null,
    lastTrafficResetAt: null,
    createdAt: at,
    ...given,
    updatedAt: at,
    squads: activeInternalSquads ?? [],
    usedTrafficBytes: 0,
    lifetimeUsedTrafficBytes: 0,
    onlineAt: null,
  });
  sendUserEvent(state, 'created', { user });
  return user;
}

/** What the database refuses: fractions, and squads it does not know. */
function isStorable(state: PanelState, fields: UserFields): boolean {
  const { telegramId, trafficLimitBytes, activeInternalSquads = [], externalSquadUuid } = fields;
  return (
    Number.isInteger(telegramId ?? 0) &&
    Number.isInteger(trafficLimitBytes ?? 0) &&
    activeInternalSquads.every((uuid) => state.squads.get(uuid) !== undefined) &&
    (externalSquadUuid == null || state.externalSquads.get(externalSquadUuid) !== undefined)
  );
}

/** Changes only what is given; a new expiry or limit may bring the user back to ACTIVE. */
export function changeUser(state: PanelState, user: User, fields: UserFields): User {
  if (!isStorable(state, fields)) throw application(500, 'A039', 'Failed to update user');
  const { activeInternalSquads, username: _kept, ...given } = fields;
  const limit = given.trafficLimitBytes;
  const raised = limit !== undefined && (limit === 0 || limit > user.trafficLimitBytes);
  const revived =
    given.status === undefined &&
    ((user.status === 'EXPIRED' && given.expireAt !== undefined) ||
      (user.status === 'LIMITED' && raised));
  return touch(state, {
    ...user,
    ...given,
    ...(revived ? { status: 'ACTIVE' } : {}),
    ...(limit === undefined || limit === user.trafficLimitBytes
      ? {}
      : { lastTriggeredThreshold: 0 }),
    squads: activeInternalSquads ?? user.squads,
  });
}

/** Days on top of the later of now and the current expiry; an EXPIRED user becomes ACTIVE. */
export function extendUser(state: PanelState, user: User, days: number): User {
  const from = Math.max(state.world.clock.now().getTime(), time(user.expireAt));
  return touch(state, {
    ...user,
    expireAt: afterDays(from, days),
    status: user.status === 'EXPIRED' ? 'ACTIVE' : user.status,
  });
}

/** The bulk kind of extension: always from the current expiry, and no event is sent. */
export function extendInBulk(state: PanelState, user: User, days: number): void {
  const expireAt = afterDays(time(user.expireAt), days);
  const revived = user.status === 'EXPIRED' && time(expireAt) > state.world.clock.now().getTime();
  const status = revived ? 'ACTIVE' : user.status;
  state.users.save({ ...user, expireAt, status, updatedAt: state.now() });
  state.count(user.username, 'updates');
}

/** Disabling and enabling leave `updatedAt` as it was (observed). */
export function switchUser(state: PanelState, user: User, to: 'DISABLED' | 'ACTIVE'): User {
  if (user.status === to) {
    throw to === 'ACTIVE'
      ? application(400, 'A030', 'User already enabled')
      : application(400, 'A029', 'User already disabled');
  }
  const switched = state.users.save({ ...user, status: to });
  state.count(user.username, 'updates');
  sendUserEvent(state, to === 'ACTIVE' ? 'enabled' : 'disabled', { user: switched });
  return switched;
}

export function resetTraffic(state: PanelState, user: User): User {
  const at = state.now();
  const reset = state.users.save({
    ...user,
    status: user.status === 'LIMITED' ? 'ACTIVE' : user.status,
    usedTrafficBytes: 0,
    lastTriggeredThreshold: 0,
    lastTrafficResetAt: at,
    updatedAt: at,
  });
  state.count(user.username, 'updates');
  sendUserEvent(state, 'traffic_reset', { user: reset });
  return reset;
}

/** New passwords, and unless only those are wanted a new short uuid: the old link dies at once. */
export function revokeUser(
  state: PanelState,
  user: User,
  wish: { onlyPasswords: boolean; shortUuid: string | undefined },
): User {
  const { random, users } = state;
  if (wish.shortUuid !== undefined && users.byShortUuid(wish.shortUuid) !== undefined) {
    throw application(400, 'A020', 'User short UUID already exists');
  }
  const at = state.now();
  const revoked = users.save({
    ...user,
    shortUuid: wish.onlyPasswords
      ? user.shortUuid
      : (wish.shortUuid ?? random.text(SHORT_UUID_LENGTH)),
    trojanPassword: random.text(PASSWORD_LENGTH),
    vlessUuid: random.uuid(),
    ssPassword: random.text(PASSWORD_LENGTH),
    subRevokedAt: at,
    updatedAt: at,
  });
  state.count(user.username, 'updates');
  sendUserEvent(state, 'revoked', { user: revoked });
  return revoked;
}

export function deleteUser(state: PanelState, user: User): void {
  state.users.remove(user);
  state.metadata.delete(String(user.id));
  for (const device of state.devices.values()) {
    if (device.userId === user.id) state.devices.delete(`${String(user.id)} ${device.hwid}`);
  }
  sendUserEvent(state, 'deleted', { user });
}

/** The user an action or a write names, or the A025 that writes answer. */
export function requireUser(user: User | undefined): User {
  if (user === undefined) throw userNotFound();
  return user;
}

function touch(state: PanelState, user: User): User {
  const touched = state.users.save({ ...user, updatedAt: state.now() });
  state.count(user.username, 'updates');
  sendUserEvent(state, 'modified', { user: touched });
  return touched;
}
