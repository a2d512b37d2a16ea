import type { World } from '../world.ts';
import { badRequest } from './bot-api.ts';

/** Where updates go and what went wrong last; an empty `url` means there is no webhook. */
export type WebhookSettings = Readonly<{
  url: string;
  secret?: string;
  maxConnections: number;
  /** `undefined`: everything except the types Telegram leaves out by default. */
  allowed?: readonly string[];
  lastErrorAt?: number;
  lastError?: string;
}>;

export interface WebhookStore {
  read(): WebhookSettings;
  write(settings: WebhookSettings): void;
}

export const MAX_CONNECTIONS = { fallback: 40, most: 100 };
const SECRET = /^[A-Za-z0-9_-]*$/u;
const SECRET_MAX = 256;
const PORTS = ['', '80', '88', '443', '8443'];
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];

export function createWebhookStore(world: World): WebhookStore {
  const rows = world.store.collection<WebhookSettings>('telegram.webhook');
  return {
    read: () => rows.get('current') ?? { url: '', maxConnections: MAX_CONNECTIONS.fallback },
    write: (settings) => {
      rows.put('current', settings);
    },
  };
}

/** Throws the API's 400 unless the address is HTTPS on a port Telegram serves, or loopback. */
export function checkUrl(url: string): void {
  if (!URL.canParse(url)) throw badRequest('bad webhook: invalid webhook URL specified');
  const { protocol, hostname, port } = new URL(url);
  if (LOOPBACK.includes(hostname) && ['http:', 'https:'].includes(protocol)) return;
  if (protocol !== 'https:') {
    throw badRequest('bad webhook: An HTTPS URL must be provided for webhook');
  }
  if (!PORTS.includes(port)) {
    throw badRequest('bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443');
  }
}

/** Throws the API's 400 for a secret with other signs than `A-Z a-z 0-9 _ -` or over 256 of them. */
export function checkSecret(secret: string): void {
  if (!SECRET.test(secret)) throw badRequest('secret token contains unallowed characters');
  if (secret.length > SECRET_MAX) throw badRequest('secret token is too long');
}

export function checkConnections(count: number | undefined): number {
  if (count === undefined) return MAX_CONNECTIONS.fallback;
  return Math.min(MAX_CONNECTIONS.most, Math.max(1, count));
}

/** Reads `allowed_updates`; `undefined` keeps the earlier choice, an empty list is the default. */
export function readAllowed(given: unknown): readonly string[] | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || !given.every((each): each is string => typeof each === 'string')) {
    throw badRequest("can't parse allowed updates");
  }
  return given;
}

/** All types this simulator makes are in Telegram's default, so no choice means yes. */
export const isAllowed = (settings: WebhookSettings, type: string): boolean =>
  settings.allowed === undefined ||
  settings.allowed.length === 0 ||
  settings.allowed.includes(type);
