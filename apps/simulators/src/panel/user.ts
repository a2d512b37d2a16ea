import type { Store } from '../store.ts';
import type { RandomSource } from './random.ts';

export const STATUSES = ['ACTIVE', 'DISABLED', 'LIMITED', 'EXPIRED'] as const;
export type Status = (typeof STATUSES)[number];

export const STRATEGIES = ['NO_RESET', 'DAY', 'WEEK', 'MONTH', 'MONTH_ROLLING'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What the panel stores of a user; dates are ISO 8601 in UTC, byte counts are numbers. */
export type User = Readonly<{
  id: number;
  /** Shown by 2.x only; kept beside the number over an upgrade. */
  uuid: string;
  shortUuid: string;
  username: string;
  status: Status;
  trafficLimitBytes: number;
  trafficLimitStrategy: Strategy;
  expireAt: string;
  telegramId: number | null;
  email: string | null;
  description: string | null;
  tag: string | null;
  hwidDeviceLimit: number | null;
  externalSquadUuid: string | null;
  trojanPassword: string;
  vlessUuid: string;
  ssPassword: string;
  lastTriggeredThreshold: number;
  subRevokedAt: string | null;
  lastTrafficResetAt: string | null;
  createdAt: string;
  updatedAt: string;
  /** Uuids of internal squads. */
  squads: readonly string[];
  usedTrafficBytes: number;
  lifetimeUsedTrafficBytes: number;
  onlineAt: string | null;
}>;

/** A store of an earlier version knew no uuids. */
type Stored = Omit<User, 'uuid'> & Partial<Pick<User, 'uuid'>>;

/** The users, found at once by id, uuid, username or short uuid. */
export interface Users {
  nextId(): number;
  get(id: number): User | undefined;
  byUuid(uuid: string): User | undefined;
  byUsername(username: string): User | undefined;
  byShortUuid(shortUuid: string): User | undefined;
  save(user: User): User;
  remove(user: User): void;
  /** In ascending id. */
  all(): User[];
  readonly size: number;
}

/** Opens the users of the store and builds the indexes in memory. */
export function openUsers(store: Store, random: RandomSource): Users {
  const rows = store.collection<User>('remnawave.users');
  const ids = {
    uuid: new Map<string, number>(),
    username: new Map<string, number>(),
    shortUuid: new Map<string, number>(),
  };
  const get = (id: number | undefined): User | undefined =>
    id === undefined ? undefined : rows.get(String(id));
  function index(user: User): void {
    ids.uuid.set(user.uuid, user.id);
    ids.username.set(user.username, user.id);
    ids.shortUuid.set(user.shortUuid, user.id);
  }
  const stored: readonly Stored[] = rows.values();
  for (const row of stored) {
    const user = { ...row, uuid: row.uuid ?? random.uuid() };
    if (row.uuid === undefined) rows.put(String(user.id), user);
    index(user);
  }
  return {
    nextId: () => store.sequence('remnawave.user'),
    get,
    byUuid: (uuid) => get(ids.uuid.get(uuid)),
    byUsername: (username) => get(ids.username.get(username)),
    byShortUuid: (shortUuid) => get(ids.shortUuid.get(shortUuid)),
    save(user) {
      const before = rows.get(String(user.id));
      if (before !== undefined) ids.shortUuid.delete(before.shortUuid);
      rows.put(String(user.id), user);
      index(user);
      return user;
    },
    remove(user) {
      rows.delete(String(user.id));
      ids.uuid.delete(user.uuid);
      ids.username.delete(user.username);
      ids.shortUuid.delete(user.shortUuid);
    },
    all: () => rows.values(),
    get size() {
      return rows.size;
    },
  };
}
