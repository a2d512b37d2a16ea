import { TRANSCRIPTS, recordedUser, type RecordedUser } from './transcripts.ts';
import { PROXY, TOKEN, type TestPanel } from './panel.ts';

/** What a recorded request's placeholders stand for in this panel. */
export type Words = Readonly<Record<string, string>>;
/** Brings a fresh panel into the state in which the exchange was recorded. */
export type Scene = (panel: TestPanel) => Promise<Words> | Promise<void>;

type Change = Partial<RecordedUser> & Readonly<{ used?: number }>;

export const answered = (
  name: string,
  panel: 'panel_3_3_2' | 'panel_2_8_1' = 'panel_3_3_2',
): unknown => TRANSCRIPTS[panel].find((each) => each.name === name)?.response.body;
const from = (name: string, path = 'response'): RecordedUser => recordedUser(answered(name), path);
export const told = (event: string): RecordedUser => {
  const found = TRANSCRIPTS.webhooks.panel_3_3_2.find((each) => each.event === event);
  return recordedUser(JSON.parse(found?.rawBody ?? '{}'), 'data');
};

export const customer = from('user-create');
const minimal = from('user-create-minimal');
const [extra, past] = [0, 1].map((at) =>
  from('users-stream-page-2', `response.users.${String(at)}`),
);
const big = from('users-list-page', 'response.users.0');
export const revoked = from('user-revoke');
const withDevices: RecordedUser = {
  ...minimal,
  id: 17,
  username: 'tg_hwid',
  shortUuid: '9cPyGVnWHZ7-2yZ8',
  expireAt: '2026-12-20T23:27:29.000Z',
  hwidDeviceLimit: 1,
};

/** Users get ids one after the other, so the missing ones are made and deleted. */
export async function reachId(panel: TestPanel, id: number): Promise<void> {
  for (;;) {
    const body = { username: 'tg_filler', expireAt: '2030-01-01T00:00:00Z' };
    const made = await panel.api('POST', '/users', body);
    const got = recordedUser(made.body, 'response');
    await panel.api('DELETE', `/users/${got.uuid ?? String(got.id)}`);
    if (got.id >= id - 1) return;
  }
}

/** Creates a user as recorded, under the same id and short uuid, without sending webhooks. */
export async function bring(
  panel: TestPanel,
  user: RecordedUser,
  change: Change = {},
): Promise<void> {
  const settings = await panel.control('GET', 'settings');
  await panel.control('PUT', 'settings', { webhookUrl: '' });
  if (user.id > 1) await reachIdAbove(panel, user.id);
  const { used, ...fields } = { ...user, ...change };
  const squad = await defaultSquad(panel);
  const made = await panel.api('POST', '/users', {
    ...fields,
    lastTrafficResetAt: fields.lastTrafficResetAt ?? undefined,
    activeInternalSquads: fields.activeInternalSquads.map(() => squad),
  });
  if (made.status !== 201) throw new Error(`cannot bring ${user.username}: ${made.text}`);
  if (used !== undefined) {
    const traffic = { usedBytes: used, lifetimeBytes: 0 };
    await panel.control('POST', `users/${String(user.id)}/traffic`, traffic);
  }
  const { webhookUrl } = settings.body as { webhookUrl: string | null }; // the control's own answer
  await panel.control('PUT', 'settings', { webhookUrl });
}

async function reachIdAbove(panel: TestPanel, id: number): Promise<void> {
  const known = await panel.api('GET', '/users?size=1');
  const { users } = (known.body as { response: { users: RecordedUser[] } }).response; // the list
  if ((users[0]?.id ?? 0) < id - 1) await reachId(panel, id);
}

export async function defaultSquad(panel: TestPanel): Promise<string> {
  const { body } = await panel.api('GET', '/internal-squads');
  const { response } = body as { response: { internalSquads: { uuid: string }[] } }; // the list
  return response.internalSquads[0]?.uuid ?? '';
}

export async function adminHeaders(panel: TestPanel): Promise<Record<string, string>> {
  const { body } = await panel.control('GET', 'admin-token');
  const { accessToken } = body as { accessToken: string }; // the control's own answer
  return { ...PROXY, authorization: `Bearer ${accessToken}`, 'x-remnawave-client-type': 'browser' };
}

async function readOnlyToken(panel: TestPanel): Promise<Words> {
  const wish = { name: 'reader', expiresInDays: 1, scopes: ['users:read'] };
  const made = await panel.call('POST', '/remnawave/api/tokens', wish, await adminHeaders(panel));
  const { response } = made.body as { response: { token: string } }; // 201 of token-create
  return { '<read-only-api-token>': response.token };
}

async function five(panel: TestPanel): Promise<void> {
  for (const user of [customer, minimal, extra, past, big]) {
    if (user !== undefined) await bring(panel, user);
  }
}

export const alone: Scene = () => Promise.resolve();
export const has =
  (user: RecordedUser, change: Change = {}): Scene =>
  (panel) =>
    bring(panel, user, change);
export const hasDevice =
  (user: RecordedUser, hwid: string): Scene =>
  async (panel) => {
    await bring(panel, user);
    await panel.control('POST', `users/${String(user.id)}/hwid`, { hwid });
  };
const expired: Change = { status: 'EXPIRED', expireAt: '2026-11-20T23:31:53.702Z' };

/** One scene for each recorded exchange, by its name. */
export const SCENES: Readonly<Record<string, Scene>> = {
  'no-forwarded-headers': alone,
  'no-token': alone,
  'bad-token': alone,
  'deleted-token': async (panel) => {
    await panel.control('PUT', 'settings', { tokenDeleted: true });
    return { '<read-only-api-token>': TOKEN };
  },
  'scoped-token-write-refused': readOnlyToken,
  'api-token-on-tokens': alone,
  'token-create': async (panel) => ({
    '<admin-jwt>': ((await adminHeaders(panel))['authorization'] ?? '').replace('Bearer ', ''),
  }),
  'internal-squads': alone,
  'external-squad-create': alone,
  'user-create': (panel) => reachId(panel, 2),
  'user-create-minimal': (panel) => reachId(panel, 3),
  'user-create-duplicate-username': has(customer),
  'user-create-validation-error': alone,
  'user-create-missing-fields': alone,
  'user-create-malformed-json': alone,
  'user-create-unknown-squad': alone,
  'user-get-by-id': has(customer),
  'user-get-by-username': has(customer),
  'user-get-by-id-404': alone,
  'user-get-by-id-not-number': alone,
  'user-get-by-telegram-id-old-2x-route': has(customer),
  'users-stream-by-telegram-id': five,
  'users-stream-page-1': five,
  'users-stream-page-2': five,
  'users-list-page': five,
  'user-resolve': has(customer),
  'user-update-expiry': has(customer),
  'user-update-past-expiry': has(customer),
  'user-update-404': alone,
  'user-extend': has(from('user-extend'), { expireAt: '2027-01-19T23:21:38.003Z' }),
  'user-extend-expired-becomes-active': has(from('user-extend-expired-becomes-active'), expired),
  'user-disable': has(from('user-disable'), { status: 'ACTIVE' }),
  'user-disable-again': has(from('user-disable')),
  'user-enable': has(from('user-enable'), { status: 'DISABLED' }),
  'user-enable-again': has(from('user-enable')),
  'user-reset-traffic': has(from('user-reset-traffic'), { lastTrafficResetAt: null, used: 1 }),
  'user-revoke': has(revoked, { shortUuid: customer.shortUuid }),
  'user-delete': has(told('user.deleted')),
  'user-delete-again': async (panel) => {
    await bring(panel, told('user.deleted'));
    await panel.api('DELETE', '/users/16');
  },
  'bulk-extend': five,
  'bulk-update': five,
  'hwid-create': has(revoked),
  'hwid-devices-after': has(withDevices),
  'hwid-delete': hasDevice(revoked, 'manual-hwid-1'),
  'hwid-delete-404': has(revoked),
  'hwid-create-by-admin-over-limit': hasDevice(withDevices, 'device-000000001'),
  'sub-info': has(revoked),
  'sub-info-of-expired-user': has(from('user-enable-expired'), { status: 'EXPIRED' }),
  'sub-raw-links': has(revoked),
  'sub-second-device-over-limit': async (panel) => {
    await panel.control('PUT', 'settings', { hwidEnforced: true });
    await hasDevice(withDevices, 'device-000000001')(panel);
  },
  'subscription-by-username': has(revoked),
  'system-health': alone,
  'system-metadata': alone,
  'system-stats': five,
  'nodes-list': addNode,
  'user-limited-get': has(from('user-limited-get'), { used: 5_000 }),
  'user-raise-limit-of-limited': has(from('user-raise-limit-of-limited'), {
    trafficLimitBytes: 1_000,
    status: 'LIMITED',
    used: 5_000,
  }),
  'user-enable-expired': has(from('user-enable-expired'), { status: 'EXPIRED' }),
};

export async function addNode(panel: TestPanel): Promise<void> {
  const node = { name: 'node-1', address: '127.0.0.1', port: 59_999, countryCode: 'NL' };
  await panel.control('POST', 'nodes', node);
}
