import {
  addNode,
  adminHeaders,
  alone,
  bring,
  customer,
  defaultSquad,
  has,
  reachId,
  revoked,
  told,
  type Scene,
} from './scenes.ts';
import type { TestPanel } from './panel.ts';

const act =
  (method: string, path: string, body?: unknown): ((panel: TestPanel) => Promise<unknown>) =>
  (panel) =>
    panel.api(method, path, body);

/** What was done to make each recorded webhook: the state before, then the act. */
export const WEBHOOK_SCENES: Readonly<
  Record<string, Readonly<{ before: Scene; act: (panel: TestPanel) => Promise<unknown> }>>
> = {
  'user.created': {
    before: (panel) => reachId(panel, 2),
    act: async (panel) =>
      panel.api('POST', '/users', {
        ...customer,
        activeInternalSquads: [await defaultSquad(panel)],
        lastTrafficResetAt: undefined,
      }),
  },
  'user.modified': {
    before: has(customer),
    act: act('PATCH', '/users', { id: 2, expireAt: '2027-01-19T23:21:38.003Z' }),
  },
  'user.expired': { before: has(told('user.expired'), { status: 'ACTIVE' }), act: alone },
  'user.limited': {
    before: has(told('user.limited'), { status: 'ACTIVE', used: 5_000 }),
    act: alone,
  },
  'user.expiration': {
    before: has(told('user.expiration')),
    act: (panel) => panel.control('PUT', 'settings', { expirationHours: [-72, -24, 24] }),
  },
  'user.not_connected': {
    before: has(told('user.not_connected')),
    act: (panel) => panel.control('PUT', 'settings', { notConnectedHours: [6, 24] }),
  },
  'user.bandwidth_usage_threshold_reached': {
    before: has(told('user.bandwidth_usage_threshold_reached'), { used: 650 }),
    act: (panel) => panel.control('PUT', 'settings', { bandwidthPercents: [60, 80] }),
  },
  'user.disabled': {
    before: has(told('user.disabled'), { status: 'ACTIVE' }),
    act: act('POST', '/users/2/actions/disable'),
  },
  'user.enabled': {
    before: has(told('user.enabled'), { status: 'DISABLED' }),
    act: act('POST', '/users/2/actions/enable'),
  },
  'user.revoked': {
    before: has(told('user.revoked')),
    act: act('POST', '/users/2/actions/revoke', { revokeOnlyPasswords: true }),
  },
  'user.traffic_reset': {
    before: has(told('user.traffic_reset'), { lastTrafficResetAt: null }),
    act: act('POST', '/users/2/actions/reset-traffic'),
  },
  'user.deleted': { before: has(told('user.deleted')), act: act('DELETE', '/users/16') },
  'user_hwid_devices.added': {
    // The recorded user had been revoked; nothing a client may send makes one so.
    before: async (panel) => {
      await bring(panel, customer, { ...revoked, shortUuid: customer.shortUuid });
      await panel.api('POST', '/users/2/actions/revoke', { shortUuid: revoked.shortUuid });
    },
    act: act('POST', '/hwid/devices', {
      ...{ hwid: 'manual-hwid-1', userId: 2, platform: 'iOS', osVersion: '17' },
      ...{ deviceModel: 'iPhone 15', userAgent: 'Happ/1' },
    }),
  },
  'node.created': { before: alone, act: addNode },
  'service.panel_started': { before: alone, act: alone },
  'service.api_token_created': {
    before: alone,
    act: async (panel) => {
      const wish = { name: 'shop', expiresInDays: 3650, scopes: ['*'] };
      return panel.call('POST', '/remnawave/api/tokens', wish, await adminHeaders(panel));
    },
  },
};
