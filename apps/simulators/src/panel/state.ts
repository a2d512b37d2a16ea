import { randomSource, type RandomSource } from './random.ts';
import type { Collection } from '../store.ts';
import type { World } from '../world.ts';
import { DEFAULT_INBOUND } from './inbound.ts';
import { openUsers, type Users } from './user.ts';

/** The versions a person may choose: the two that were recorded, and one nobody knows. */
export const VERSIONS = ['3.3.2', '2.8.1', '4.0.0'] as const;

export type Device = Readonly<{
  hwid: string;
  userId: number;
  platform: string | null;
  osVersion: string | null;
  deviceModel: string | null;
  userAgent: string | null;
  requestIp: string | null;
  createdAt: string;
  updatedAt: string;
}>;

export type InternalSquad = Readonly<{
  uuid: string;
  viewPosition: number;
  name: string;
  inbounds: readonly string[];
  createdAt: string;
  updatedAt: string;
}>;

export type ExternalSquad = Omit<InternalSquad, 'inbounds'>;

export type ApiToken = Readonly<{
  uuid: string;
  name: string;
  expireAt: string;
  scopes: readonly string[];
  createdAt: string;
  updatedAt: string;
}>;

export type Node = Readonly<{
  uuid: string;
  id: number;
  name: string;
  address: string;
  port: number;
  countryCode: string;
  lastStatusChange: string | null;
  lastStatusMessage: string | null;
  createdAt: string;
  updatedAt: string;
}>;

/** How often a username was written to: what drills count. */
export type CallCount = Readonly<{
  /** `POST /api/users` calls that named this username, whatever was answered. */
  createCalls: number;
  /** Those of them answered 201. */
  created: number;
  /** Successful changes of any kind after creation. */
  updates: number;
}>;

/** A server shown in subscriptions. A panel just installed has none. */
export type Host = Readonly<{ remark: string; address: string; port: number }>;

/** What an administrator of the panel, or a drill, may change. */
export type Settings = Readonly<{
  /** Comma-separated addresses; `null`: the gateway of this platform; `''`: webhooks are off. */
  webhookUrl: string | null;
  /** The configured API token behaves as one deleted in the panel (403). */
  tokenDeleted: boolean;
  version: string;
  hosts: readonly Host[];
  /** Device limits at the subscription link; off in a fresh panel. */
  hwidEnforced: boolean;
  hwidFallbackLimit: number;
  /** Signed hours around the expiry at which `user.expiration` is sent, e.g. -24. */
  expirationHours: readonly number[];
  notConnectedHours: readonly number[];
  bandwidthPercents: readonly number[];
}>;

const FIRST_SETTINGS: Settings = {
  webhookUrl: null,
  tokenDeleted: false,
  version: VERSIONS[0],
  hosts: [
    { remark: '🇳🇱 Amsterdam', address: 'ams.vpn.example.test', port: 443 },
    { remark: '🇫🇮 Helsinki', address: 'hel.vpn.example.test', port: 443 },
  ],
  hwidEnforced: false,
  hwidFallbackLimit: 5,
  expirationHours: [],
  notConnectedHours: [],
  bandwidthPercents: [],
};

/** Everything the panel remembers, plus where its time and chance come from. */
export interface PanelState {
  readonly world: World;
  readonly random: RandomSource;
  readonly users: Users;
  /** By `<user id> <hwid>`. */
  readonly devices: Collection<Device>;
  readonly squads: Collection<InternalSquad>;
  readonly externalSquads: Collection<ExternalSquad>;
  readonly tokens: Collection<ApiToken>;
  readonly nodes: Collection<Node>;
  /** By user id: the free-form metadata of the user. */
  readonly metadata: Collection<Record<string, unknown>>;
  /** By username; it outlives the user. */
  readonly calls: Collection<CallCount>;
  settings(): Settings;
  /** Generation 2.x is played: users have uuids, and other routes and answers hold. */
  isSecond(): boolean;
  change(part: Partial<Settings>): Settings;
  /** Now, as the panel writes it: UTC with milliseconds. */
  now(): string;
  count(username: string, what: keyof CallCount): void;
}

/** Opens the panel's part of the store; a fresh store gets the squad every panel is born with. */
export function openPanelState(world: World): PanelState {
  const settings = world.store.collection<Settings>('remnawave.settings');
  const random = randomSource(world);
  const state: PanelState = {
    world,
    random,
    users: openUsers(world.store, random),
    devices: world.store.collection('remnawave.devices'),
    squads: world.store.collection('remnawave.squads'),
    externalSquads: world.store.collection('remnawave.external-squads'),
    tokens: world.store.collection('remnawave.tokens'),
    nodes: world.store.collection('remnawave.nodes'),
    metadata: world.store.collection('remnawave.metadata'),
    calls: world.store.collection('remnawave.calls'),
    settings: () => settings.get('panel') ?? FIRST_SETTINGS,
    isSecond: () => state.settings().version.startsWith('2.'),
    change(part) {
      const changed = { ...state.settings(), ...part };
      settings.put('panel', changed);
      return changed;
    },
    now: () => world.clock.now().toISOString(),
    count(username, what) {
      const known = state.calls.get(username) ?? { createCalls: 0, created: 0, updates: 0 };
      state.calls.put(username, { ...known, [what]: known[what] + 1 });
    },
  };
  if (state.squads.size === 0) addDefaultSquad(state);
  return state;
}

function addDefaultSquad(state: PanelState): void {
  const at = state.now();
  const uuid = state.random.uuid();
  state.squads.put(uuid, {
    uuid,
    viewPosition: 1,
    name: 'Default-Squad',
    inbounds: [DEFAULT_INBOUND.uuid],
    createdAt: at,
    updatedAt: at,
  });
}
