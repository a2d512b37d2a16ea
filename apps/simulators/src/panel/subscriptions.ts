import type { Answer, Request } from '../http.ts';
import { addDevice, deviceLimit, deviceOf, devicesOf, HWID } from './devices.ts';
import type { Api, Call } from './gate.ts';
import { onlyIn, userAt } from './generation.ts';
import { subscriptionForbidden, subscriptionMissing, userNotFound } from './refusal.ts';
import { hostLinks, placeholders } from './links.ts';
import { nextTrafficReset } from './resets.ts';
import type { PanelState } from './state.ts';
import type { User } from './user.ts';
import { respond } from './answers.ts';
import { subscriptionUrlOf } from './view.ts';

const DAY_MS = 86_400_000;
const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const UPDATE_HOURS = '12';

/** The public link of a subscription, and what the API tells about it. */
export function registerSubscriptions(api: Api, state: PanelState): void {
  const about = (user: User | undefined): Answer => {
    if (user === undefined) throw userNotFound();
    return respond(200, viewSubscription(state, user));
  };
  const param = (call: Call, name: string): string => call.request.params[name] ?? '';
  const byShortUuid = (call: Call): User | undefined =>
    state.users.byShortUuid(param(call, 'shortUuid'));
  api('GET', '/sub/:shortUuid/info', (call) => about(byShortUuid(call)), 'public');
  api('GET', '/sub/:shortUuid', ({ request }) => rawSubscription(state, request), 'public');
  api('GET', '/subscriptions/by-username/:username', (call) =>
    about(state.users.byUsername(param(call, 'username'))),
  );
  api('GET', '/subscriptions/by-short-uuid/:shortUuid', (call) => about(byShortUuid(call)));
  const byKey = (call: Call): Answer => about(userAt(state, call));
  api('GET', '/subscriptions/by-id/:id', onlyIn(state, 3, byKey));
  api('GET', '/subscriptions/by-uuid/:id', onlyIn(state, 2, byKey));
}

/** The links an app gets: real-looking ones, or placeholders that say what is wrong. */
export function linksOf(state: PanelState, user: User): string[] {
  const hosts = user.squads.length === 0 ? [] : state.settings().hosts;
  if (user.status !== 'ACTIVE') return placeholders(user.status);
  return hosts.length === 0 ? placeholders('NO_HOSTS') : hostLinks(user, hosts);
}

/** Bytes for people: `0`, `512 MiB`, `1.5 GiB`. */
export function humanBytes(bytes: number): string {
  if (bytes === 0) return '0';
  const power = Math.min(Math.floor(Math.log2(bytes) / 10), UNITS.length - 1);
  return `${String(Number((bytes / 1024 ** power).toFixed(2)))} ${UNITS[power] ?? ''}`;
}

/** Whole days until the expiry, 0 when it has passed. */
export function daysLeft(state: PanelState, user: User): number {
  const left = new Date(user.expireAt).getTime() - state.world.clock.now().getTime();
  return Math.max(0, Math.floor(left / DAY_MS));
}

function viewSubscription(state: PanelState, user: User): object {
  return {
    isFound: true,
    user: {
      shortUuid: user.shortUuid,
      daysLeft: daysLeft(state, user),
      trafficUsed: humanBytes(user.usedTrafficBytes),
      trafficLimit: humanBytes(user.trafficLimitBytes),
      lifetimeTrafficUsed: humanBytes(user.lifetimeUsedTrafficBytes),
      lifetimeTrafficUsedBytes: String(user.lifetimeUsedTrafficBytes),
      trafficLimitBytes: String(user.trafficLimitBytes),
      trafficUsedBytes: String(user.usedTrafficBytes),
      username: user.username,
      expiresAt: user.expireAt,
      isActive: user.status === 'ACTIVE',
      userStatus: user.status,
      trafficLimitStrategy: user.trafficLimitStrategy,
    },
    links: linksOf(state, user),
    ssConfLinks: {},
    subscriptionUrl: subscriptionUrlOf(state, user),
  };
}

/**
 * The list of links in base64, as apps import it, for the short uuid in the path. Throws the 403 of
 * the public link for who sends no User-Agent, the 404 for an unknown short uuid.
 */
export function rawSubscription(state: PanelState, request: Request): Answer {
  const agent = request.headers['user-agent'];
  if (agent === undefined || agent === '') throw subscriptionForbidden();
  const user = state.users.byShortUuid(request.params['shortUuid'] ?? '');
  if (user === undefined) throw subscriptionMissing();
  const gate = deviceGate(state, request, user);
  const links = gate.refusal === undefined ? linksOf(state, user) : placeholders(gate.refusal);
  const refill = nextTrafficReset(user, state.world.clock.now());
  return {
    status: 200,
    headers: {
      'content-disposition': `attachment; filename=${user.username}`,
      'subscription-userinfo': [
        'upload=0',
        `download=${String(user.usedTrafficBytes)}`,
        `total=${String(user.trafficLimitBytes)}`,
        `expire=${String(Math.floor(new Date(user.expireAt).getTime() / 1000))}`,
      ].join('; '),
      ...(refill === undefined ? {} : { 'subscription-refill-date': String(refill / 1000) }),
      'support-url': 'https://dummy.docs.rw',
      'profile-title': `base64:${Buffer.from('Remnawave').toString('base64')}`,
      'profile-web-page-url': subscriptionUrlOf(state, user),
      'profile-update-interval': UPDATE_HOURS,
      ...gate.headers,
      'content-type': 'text/plain; charset=utf-8',
    },
    body: Buffer.from(links.join('\n')).toString('base64'),
  };
}

type DeviceGate = {
  headers: Record<string, string>;
  refusal?: 'NO_HWID' | 'TOO_MANY_DEVICES';
};

/** With device limits on, an app must name its device, and a new one must still fit. */
function deviceGate(state: PanelState, request: Request, user: User): DeviceGate {
  if (!state.settings().hwidEnforced) return { headers: {} };
  const header = (name: string): string | null => request.headers[name]?.toString() ?? null;
  const active = { 'x-hwid-active': 'true' };
  const hwid = header('x-hwid');
  if (hwid === null || !(state.isSecond() || HWID.test(hwid))) {
    return {
      headers: { ...active, 'x-hwid-not-supported': 'true', 'x-hwid-limit': 'true' },
      refusal: 'NO_HWID',
    };
  }
  if (deviceOf(state, user, hwid) !== undefined) return { headers: active };
  if (devicesOf(state, user.id).length >= deviceLimit(state, user)) {
    return {
      headers: { ...active, 'x-hwid-max-devices-reached': 'true', 'x-hwid-limit': 'true' },
      refusal: 'TOO_MANY_DEVICES',
    };
  }
  addDevice(state, user, {
    hwid,
    platform: header('x-device-os'),
    osVersion: header('x-ver-os'),
    deviceModel: header('x-device-model'),
    userAgent: header('user-agent'),
    requestIp: header('x-forwarded-for'),
  });
  return { headers: active };
}
