import { framework } from './refusal.ts';
import * as is from './rules.ts';
import { DEFAULT_INBOUND } from './inbound.ts';
import type { Api, Call } from './gate.ts';
import type { ApiToken, Node, PanelState } from './state.ts';
import { signToken } from './tokens.ts';
import { STATUSES } from './user.ts';
import { demand, respond } from './answers.ts';
import { sendEvent } from './webhooks.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** A user counts as online for so long after the last sign of life. */
const ONLINE_MS = 60_000;
const ADMIN_HOURS = 12;
const COMMIT = '0f344f388807f5323b49024a563b3f8146d66857';
const GITHUB = 'https://github.com/remnawave';
const PROCESSES = ['api', 'scheduler', 'processor'];
const NEW_TOKEN: is.Rules = {
  name: { rule: is.text({ min: 2, max: 30 }), required: true },
  expiresInDays: { rule: is.number({ whole: true, min: 1 }), required: true },
  scopes: { rule: is.listOf(is.text()) },
};

/** What the panel tells about itself, its nodes and its API tokens. */
export function registerSystem(api: Api, state: PanelState): void {
  const { clock } = state.world;
  const startedMs = clock.monotonicMs();
  const uptime = (): number => (clock.monotonicMs() - startedMs) / 1000;
  api('GET', '/system/metadata', () => respond(200, metadata(state)));
  api('GET', '/system/health', () => respond(200, health(state, uptime())));
  api('GET', '/system/stats', () => respond(200, stats(state, uptime())));
  api('GET', '/nodes', () => respond(200, state.nodes.values().map(viewNode)));
  api('GET', '/tokens', () => respond(200, { apiKeys: state.tokens.values() }), 'admin');
  api('POST', '/tokens', (call) => respond(201, createToken(state, call)), 'admin');
}

/** The access token of the panel's administrator, as a login would give it. */
export function adminToken(state: PanelState): string {
  const iat = Math.floor(state.world.clock.now().getTime() / 1000);
  return signToken(
    {
      uuid: state.random.uuid(),
      username: 'admin',
      role: 'ADMIN',
      iat,
      exp: iat + ADMIN_HOURS * 3600,
    },
    state.world.config.remnawave.webhookSecret,
  );
}

/** An upgrade: users, squads and devices stay; the panel starts anew and says so. */
export function installVersion(state: PanelState, version: string): void {
  if (version === state.settings().version) return;
  state.change({ version });
  sendEvent(state, 'service.panel_started', { data: { panelVersion: version } });
}

function createToken(state: PanelState, call: Call): object {
  if (call.request.headers['x-remnawave-client-type'] !== 'browser') {
    throw framework(403, 'For API requests you must create own API-token');
  }
  demand(call, NEW_TOKEN);
  const now = state.world.clock.now();
  const expires = now.getTime() + Number(call.body['expiresInDays']) * DAY_MS;
  const token: ApiToken = {
    uuid: state.random.uuid(),
    name: String(call.body['name']),
    expireAt: new Date(expires).toISOString(),
    scopes: (call.body['scopes'] as string[] | undefined) ?? ['*'], // NEW_TOKEN saw a list of texts
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  };
  state.tokens.put(token.uuid, token);
  const { uuid, name, expireAt, scopes } = token;
  sendEvent(state, 'service.api_token_created', {
    data: { apiToken: { name, uuid, expireAt, scopes } },
  });
  const [iat, exp] = [now.getTime(), expires].map((ms) => Math.floor(ms / 1000));
  const payload = { uuid, username: null, role: 'API', iat: iat ?? 0, exp: exp ?? 0 } as const;
  return { ...token, token: signToken(payload, state.world.config.remnawave.webhookSecret) };
}

/** Adds a node the panel cannot reach: the event is sent first, then the attempt has failed. */
export function addNode(
  state: PanelState,
  wish: Pick<Node, 'name' | 'address' | 'port' | 'countryCode'>,
): Node {
  const at = state.now();
  const node: Node = {
    ...wish,
    uuid: state.random.uuid(),
    id: state.world.store.sequence('remnawave.node'),
    lastStatusChange: null,
    lastStatusMessage: null,
    createdAt: at,
    updatedAt: at,
  };
  sendEvent(state, 'node.created', { data: viewNode(node) });
  const message = JSON.stringify(`connect ECONNREFUSED ${node.address}:${String(node.port)}`);
  const tried = { ...node, lastStatusChange: at, lastStatusMessage: message };
  state.nodes.put(node.uuid, tried);
  return tried;
}

function viewNode(node: Node): object {
  return {
    ...node,
    proxyUrl: null,
    isConnected: false,
    isConnecting: false,
    isDisabled: false,
    trafficResetDay: 1,
    consumptionMultiplier: 1,
    nodeConsumptionMultiplier: 1,
    isTrafficTrackingActive: false,
    trafficLimitBytes: 0,
    trafficUsedBytes: 0,
    notifyPercent: 0,
    note: null,
    viewPosition: node.id,
    tags: [],
    integrationUuids: [],
    ips: [],
    configProfile: {
      activeConfigProfileUuid: DEFAULT_INBOUND.profileUuid,
      activeInbounds: [DEFAULT_INBOUND],
    },
    providerUuid: null,
    provider: null,
    activePluginUuid: null,
    xrayUptime: 0,
    usersOnline: 0,
    system: null,
    versions: null,
  };
}

function metadata(state: PanelState): object {
  const commit = (repository: string): object => ({
    commitSha: COMMIT,
    commitUrl: `${GITHUB}/${repository}/commit/${COMMIT}`,
  });
  return {
    version: state.settings().version,
    build: { time: '2011-11-11T11:11:11Z', number: '0' },
    git: { backend: { ...commit('backend'), branch: 'main' }, frontend: commit('frontend') },
  };
}

function health(state: PanelState, uptime: number): object {
  const { rss, heapUsed, heapTotal, external, arrayBuffers } = process.memoryUsage();
  const runtimeMetrics = PROCESSES.map((instanceType) => ({
    ...{ rss, heapUsed, heapTotal, external, arrayBuffers },
    eventLoopDelayMs: 0.3,
    eventLoopP99Ms: 3.7,
    activeHandles: 27,
    uptime,
    pid: process.pid,
    timestamp: state.world.clock.now().getTime(),
    instanceId: '0',
    instanceType,
  }));
  return { runtimeMetrics };
}

function stats(state: PanelState, uptime: number): object {
  const users = state.users.all();
  const now = state.world.clock.now().getTime();
  const seenWithin = (ms: number): number =>
    users.filter(({ onlineAt }) => onlineAt !== null && new Date(onlineAt).getTime() > now - ms)
      .length;
  const { rss, heapTotal } = process.memoryUsage();
  return {
    cpu: { cores: 2 },
    memory: { total: rss + heapTotal, free: heapTotal, used: rss },
    uptime,
    timestamp: now,
    users: {
      statusCounts: Object.fromEntries(
        STATUSES.map((status) => [status, users.filter((user) => user.status === status).length]),
      ),
      totalUsers: users.length,
    },
    onlineStats: {
      onlineNow: seenWithin(ONLINE_MS),
      lastDay: seenWithin(DAY_MS),
      lastWeek: seenWithin(WEEK_MS),
      neverOnline: users.filter(({ onlineAt }) => onlineAt === null).length,
    },
    nodes: { totalOnline: 0, totalBytesLifetime: '0' },
  };
}
