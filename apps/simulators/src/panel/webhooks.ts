import { createHmac } from 'node:crypto';
import { TARGET } from './gate.ts';
import type { Device, PanelState } from './state.ts';
import type { User } from './user.ts';
import { viewUser } from './view.ts';

export type UserEvent =
  | 'created'
  | 'modified'
  | 'deleted'
  | 'revoked'
  | 'disabled'
  | 'enabled'
  | 'limited'
  | 'expired'
  | 'traffic_reset'
  | 'bandwidth_usage_threshold_reached'
  | 'not_connected'
  | 'expiration';

/** Four attempts in all; then the event is lost, as the real panel loses it. */
const REPEATS_MS = [5_000, 5_000, 5_000];
const WEBHOOK_PATH = '/webhooks/remnawave';

/** Lowercase hex of HMAC-SHA256 over the exact body; the key is the secret as text. */
export function signWebhook(body: string, secret: string): string {
  return createHmac('sha256', secret).update(body, 'utf8').digest('hex');
}

type Meta = Readonly<Record<string, unknown>> | null;

/**
 * Sends one event (`scope.name`) to every configured address. `meta` undefined: the key is left out.
 */
export function sendEvent(
  state: PanelState,
  event: `${string}.${string}`,
  { data, meta }: Readonly<{ data: unknown; meta?: Meta }>,
): void {
  const { config, deliveries } = state.world;
  const timestamp = state.now();
  const [scope] = event.split('.');
  const body = JSON.stringify({ scope, event, timestamp, data, meta });
  const url = state.settings().webhookUrl ?? `${config.gatewayUrl}${WEBHOOK_PATH}`;
  for (const address of url.split(',').filter((each) => each.trim() !== '')) {
    deliveries.send({
      target: TARGET,
      accepts: '2xx',
      url: address.trim(),
      headers: {
        Accept: 'application/json, text/plain, */*',
        'Content-Type': 'application/json',
        'X-Remnawave-Signature': signWebhook(body, config.remnawave.webhookSecret),
        'X-Remnawave-Timestamp': timestamp,
        'User-Agent': 'Remnawave',
        'Accept-Encoding': 'gzip, compress, deflate, br',
      },
      body,
      repeatsMs: REPEATS_MS,
    });
  }
}

export function sendUserEvent(
  state: PanelState,
  name: UserEvent,
  { user, meta = null }: Readonly<{ user: User; meta?: Meta }>,
): void {
  sendEvent(state, `user.${name}`, { data: viewUser(state, user), meta });
}

/** Device events show the user without squads, as observed. */
export function sendDeviceEvent(
  state: PanelState,
  name: 'added' | 'deleted',
  { device, user }: Readonly<{ device: Device; user: User }>,
): void {
  const shown = { ...viewUser(state, user), activeInternalSquads: [] };
  sendEvent(state, `user_hwid_devices.${name}`, { data: { hwidUserDevice: device, user: shown } });
}
