import type { Answer } from '../http.ts';
import { demand, respond, wholeNumber } from './answers.ts';
import type { Api } from './gate.ts';
import { ownerIn, ownerRules, requireUserAt } from './generation.ts';
import { application } from './refusal.ts';
import * as is from './rules.ts';
import type { Device, PanelState } from './state.ts';
import type { User } from './user.ts';
import { sendDeviceEvent } from './webhooks.ts';

export const HWID = /^[A-Za-z0-9=-]{10,64}$/;
const PAGE = { least: 1, most: 1_000, otherwise: 25 };

const detail = { rule: is.nullable(is.text()) };
const ADD: is.Rules = {
  platform: detail,
  osVersion: detail,
  deviceModel: detail,
  userAgent: detail,
  requestIp: detail,
};
const anyHwid = { rule: is.text(), required: true };

export type NewDevice = Pick<Device, 'hwid'> &
  Partial<Pick<Device, 'platform' | 'osVersion' | 'deviceModel' | 'userAgent' | 'requestIp'>>;

export const devicesOf = (state: PanelState, userId: number): Device[] =>
  state.devices.values().filter((device) => device.userId === userId);

/** How many devices the user may have: `Infinity` where nothing limits them. */
export function deviceLimit(state: PanelState, user: User): number {
  const { hwidEnforced, hwidFallbackLimit } = state.settings();
  if (user.hwidDeviceLimit === 0) return Infinity;
  return user.hwidDeviceLimit ?? (hwidEnforced ? hwidFallbackLimit : Infinity);
}

export const deviceOf = (state: PanelState, user: User, hwid: string): Device | undefined =>
  state.devices.get(keyOf(user.id, hwid));

/** Remembers a device and tells of it; the caller has checked the limit. */
export function addDevice(state: PanelState, user: User, wanted: NewDevice): Device {
  const at = state.now();
  const device: Device = {
    hwid: wanted.hwid,
    userId: user.id,
    platform: wanted.platform ?? null,
    osVersion: wanted.osVersion ?? null,
    deviceModel: wanted.deviceModel ?? null,
    userAgent: wanted.userAgent ?? null,
    requestIp: wanted.requestIp ?? null,
    createdAt: at,
    updatedAt: at,
  };
  state.devices.put(keyOf(user.id, wanted.hwid), device);
  sendDeviceEvent(state, 'added', { device, user });
  return device;
}

/** `/api/hwid/devices`: each write answers what is left. */
export function registerDevices(api: Api, state: PanelState): void {
  const rest = (userId: number): Answer => {
    const devices = devicesOf(state, userId);
    return respond(200, { total: devices.length, devices });
  };
  api('GET', '/hwid/devices', ({ request: { query } }) => {
    const start = wholeNumber(query, 'start', { least: 0, most: Infinity, otherwise: 0 });
    const size = wholeNumber(query, 'size', PAGE);
    const devices = state.devices.values().slice(start, start + size);
    return respond(200, { total: state.devices.size, devices });
  });
  api('GET', '/hwid/devices/:id', (call) => rest(requireUserAt(state, call).id));
  api('POST', '/hwid/devices', (call) => {
    // The form of a hwid is a rule of 3.x.
    const hwidRule = state.isSecond() ? anyHwid : { ...anyHwid, rule: is.text({ pattern: HWID }) };
    demand(call, { hwid: hwidRule, ...ownerRules(state), ...ADD });
    const user = ownerIn(state, call.body);
    const { hwid, userId: _number, userUuid: _uuid, ...details } = call.body;
    add(state, user, { hwid: String(hwid), ...details });
    return rest(user.id);
  });
  api('POST', '/hwid/devices/delete', (call) => {
    demand(call, { ...ownerRules(state), hwid: anyHwid });
    const user = ownerIn(state, call.body);
    const device = deviceOf(state, user, String(call.body['hwid']));
    if (device === undefined) throw application(404, 'A204', 'HWID device not found');
    remove(state, user, device);
    return rest(user.id);
  });
  api('POST', '/hwid/devices/delete-all', (call) => {
    demand(call, ownerRules(state));
    const user = ownerIn(state, call.body);
    for (const device of devicesOf(state, user.id)) remove(state, user, device);
    return rest(user.id);
  });
}

function add(state: PanelState, user: User, wanted: NewDevice): void {
  if (deviceOf(state, user, wanted.hwid) !== undefined) {
    throw application(400, 'A098', 'User hwid device already exists');
  }
  if (devicesOf(state, user.id).length >= deviceLimit(state, user)) {
    throw application(400, 'A099', 'User hwid device limit reached');
  }
  addDevice(state, user, wanted);
}

function remove(state: PanelState, user: User, device: Device): void {
  state.devices.delete(keyOf(user.id, device.hwid));
  sendDeviceEvent(state, 'deleted', { device, user });
}

const keyOf = (userId: number, hwid: string): string => `${String(userId)} ${hwid}`;
