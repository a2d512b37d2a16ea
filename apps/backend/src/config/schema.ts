/**
 * Every setting of the platform: one zod object, a section per concern, each field with a sentence
 * and an example. `load.ts` fills it from the environment; the commented example file and the
 * reference page are generated from it.
 */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import {
  address,
  begin,
  count,
  flag,
  list,
  networks,
  note,
  openSockets,
  origins,
  secretNote,
  secretText,
  text,
} from './fields.ts';
import { logLevelText } from './log-levels.ts';
import { fallbackSettings } from './fallback-settings.ts';
import {
  cryptopay,
  freekassa,
  paypal,
  stripe,
  tkassa,
  tribute,
  yookassa,
} from './payment-settings.ts';

export { fieldNotes, type FieldNote } from './fields.ts';

/** Mistakes a drill can plant (operations/drills/planted.ts says what each does). */
export const PLANTED_BUGS = [
  'acknowledge-before-commit',
  'missing-unique-key',
  'lost-update',
  'forget-to-rearm',
  'deliver-twice',
] as const;
/** What one instance of auth can be made to do while its check stays green. */
export const GRAY_FAULTS = ['gray-errors', 'gray-slow', 'cut-feed'] as const;
export type GrayFault = (typeof GRAY_FAULTS)[number];
/** Each process opens its own listener, so a restart leaves a gap. */
export const RESTART_BUGS = ['own-listeners'] as const;
/** What shows only while the database says nothing. */
export const AWAY_BUGS = ['patient-reads'] as const;
/** What shows only where a process dies between two commits. */
export const CRASH_BUGS = ['react-after-commit'] as const;
/** What shows only when more comes than can be done. */
export const LOAD_BUGS = ['never-shed'] as const;
export type PlantedBug =
  | (typeof PLANTED_BUGS)[number]
  | (typeof CRASH_BUGS)[number]
  | (typeof RESTART_BUGS)[number]
  | (typeof AWAY_BUGS)[number]
  | (typeof LOAD_BUGS)[number]
  | GrayFault;

/** It is asked for by browsers, so anybody may guess. */
const SITE_PASSWORD_MIN = 12;

function platform() {
  begin('Platform');
  return {
    OPORA_ENV: note(
      z.enum(['development', 'staging', 'production']).default('development'),
      'Which environment this is; also names the .env file that is read.',
      'development',
    ),
    OPORA_PRODUCT: note(
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
        .default('2getpro'),
      'The folder of products/ that is sold.',
      '2getpro',
    ),
    OPORA_HOME: note(text().optional(), 'Where the state of a local run lives.', '.opora'),
    OPORA_PORT_BASE: note(
      count(1024, 60_000).default(5000),
      'The web port; every other port is this plus a fixed offset.',
      '5000',
    ),
    OPORA_SIMULATORS: note(
      flag.default('on'),
      'Start the simulated outside world. Off: real Telegram, providers and panel are needed.',
      'on',
    ),
    OPORA_WEB: note(
      flag.default('on'),
      'Start the web site with `opora up`. Off: the back end alone, as drills and servers without a site want it.',
      'off',
    ),
    OPORA_PUBLIC_URL: note(
      address().optional(),
      'Where customers and webhooks reach the gateway; absent: this machine only, the bot polls.',
      'https://api.example.com',
    ),
    OPORA_WEB_URL: note(
      address().optional(),
      'Where customers open the web site; absent: the local web port.',
      'https://example.com',
    ),
    OPORA_SITE_PASSWORD: secretNote(
      z.string().min(SITE_PASSWORD_MIN).max(128).optional(),
      'Closes the web site, as staging wants it: browsers ask for the user `opora` and this word. Refused in production.',
      'a-word-for-those-who-test',
    ),
    OPORA_LOG_LEVEL: note(
      logLevelText.default('info'),
      'Least severe level that is logged: debug, info, warn or error; a role may have its own.',
      'info,worker=debug,gateway=warn',
    ),
  };
}

function processes() {
  begin('Processes');
  return {
    OPORA_STAFF_NETWORKS: note(
      networks.optional(),
      'Networks from which staff may sign in and work, comma-separated; absent: from anywhere.',
      '198.51.100.0/24,2001:db8:7::/48',
    ),
    OPORA_GATEWAY_INSTANCES: note(
      count(1, 16).default(1),
      'Gateways behind your balancer: each lets its share of the rate limits through.',
      '2',
    ),
    ...fallbackSettings(),
    OPORA_AUTH_INSTANCES: note(
      count(1, 8).default(2),
      'Processes of the auth role; the loss of one of two is not seen by anybody.',
      '3',
    ),
    OPORA_API_INSTANCES: note(count(1, 8).default(1), 'Processes of the api role.', '2'),
    OPORA_BOT_INSTANCES: note(count(1, 8).default(1), 'Processes of the bot role.', '2'),
    OPORA_WORKER_INSTANCES: note(count(1, 8).default(1), 'Processes of the worker role.', '2'),
    OPORA_CORS_ORIGINS: note(
      origins.default([]),
      'Origins whose pages may read answers of the gateway, with the cookies of their visitors; `*`: any page, without cookies. The own site needs none.',
      'https://app.example.com',
    ),
    OPORA_OPEN_SOCKETS: note(
      openSockets.default([]),
      'Listening sockets that the process inherits, as port=descriptor, comma-separated: set by `opora up`, or by you for the socket activation of systemd.',
      '5001=3',
    ),
    OPORA_TRUSTED_PROXIES: note(
      networks.default(['127.0.0.1/32', '::1/128']),
      'Networks of reverse proxies whose X-Forwarded-For is believed, comma-separated.',
      '127.0.0.1/32,10.0.0.0/8',
    ),
    OPORA_PACE: note(
      z.enum(['normal', 'drill']).default('normal'),
      'Polling schedules: `drill` shortens them so that a drill need not wait minutes.',
      'normal',
    ),
    OPORA_PLANTED_BUG: note(
      z
        .enum([
          ...PLANTED_BUGS,
          ...CRASH_BUGS,
          ...RESTART_BUGS,
          ...AWAY_BUGS,
          ...LOAD_BUGS,
          ...GRAY_FAULTS,
        ])
        .optional(),
      'A bug a drill plants to prove that it would be noticed; only with OPORA_PACE=drill.',
      'lost-update',
    ),
  };
}

function data() {
  begin('Database');
  return {
    DATABASE_URL: secretNote(
      z.url({ protocol: /^postgres(ql)?$/ }).optional(),
      'PostgreSQL 15 or newer for the application role; absent: the embedded server is started.',
      'postgres://opora_app:password@db.example.com:5432/opora',
    ),
    DATABASE_OWNER_URL: secretNote(
      z.url({ protocol: /^postgres(ql)?$/ }).optional(),
      'The owner of the schema, used by migrations only; absent: DATABASE_URL.',
      'postgres://opora_owner:password@db.example.com:5432/opora',
    ),
    DATABASE_CONNECTIONS_MAX: note(
      count(10, 5000).default(100),
      'Connections all processes together may open; each process gets its share.',
      '100',
    ),
    REDIS_URL: secretNote(
      z.url({ protocol: /^rediss?$/ }).optional(),
      'Redis 6 or newer, or Valkey: gateways share limits and decisions there. Absent or away: each by itself.',
      'redis://opora:password@redis.example.com:6379/0',
    ),
  };
}

function keys() {
  begin('Keys');
  return {
    JWT_KEYS: secretText(
      'Signing keys as a JSON array of Ed25519 JWKs, newest first; absent: generated into OPORA_HOME.',
      '[{"kty":"OKP","crv":"Ed25519","kid":"2026-11","d":"...","x":"..."}]',
    ),
    ENCRYPTION_KEYS: secretText(
      'Keys of sealed columns and of our cookies as `id:base64` pairs of 32 bytes, newest first; absent: generated into OPORA_HOME.',
      '2026-11:base64of32bytes,2026-08:base64of32bytes',
    ),
    SERVICE_KEYS: secretText(
      'Keys by which roles know each other, as `id:base64` pairs of 32 bytes, newest first; read anew every ten seconds; absent: generated into OPORA_HOME.',
      '2026-11:base64of32bytes,2026-08:base64of32bytes',
    ),
  };
}

function telegram() {
  begin('Telegram');
  return {
    TELEGRAM_BOT_TOKEN: secretNote(
      z
        .string()
        .regex(/^\d{1,18}:\S+$/)
        .optional(),
      'The token from @BotFather.',
      '123456789:AA...',
    ),
    TELEGRAM_WEBHOOK_SECRET: secretText(
      'Sent back by Telegram in every webhook; 1 to 256 of A-Z a-z 0-9 _ -. Generated when absent.',
      'random-text-of-32-characters-or-so',
    ),
    TELEGRAM_OIDC_CLIENT_SECRET: secretText(
      'The client secret of the bot of TELEGRAM_BOT_TOKEN (BotFather: Bot Settings, Login Widget), with which the site asks Telegram who somebody is; absent: the older login widget. The client id is the number of the bot.',
      'secret-from-botfather',
    ),
    TELEGRAM_API_URL: note(
      address().optional(),
      'Another base address of the Bot API; absent: api.telegram.org, or the simulator. Named, it is not expected to reach this machine: without OPORA_PUBLIC_URL the bot polls it.',
      'https://api.telegram.org',
    ),
    TELEGRAM_CHAT_ID: note(
      z
        .string()
        .regex(/^-?\d{1,20}$/)
        .optional(),
      'The chat of the operators; the bot must be in it. It gets incidents, and alerts that no member of staff gets by Telegram of their own.',
      '-1001234567890',
    ),
  };
}

function alerts() {
  begin('Alerts');
  return {
    OPORA_ALERT_MAIL: note(
      list
        .refine(
          (all) => all.every((one) => z.email().safeParse(one).success),
          'not mail addresses, comma-separated',
        )
        .default([]),
      'Mailboxes of staff that get alerts, comma-separated; needs mail. The chat is TELEGRAM_CHAT_ID.',
      'duty@example.com,owner@example.com',
    ),
    OPORA_ALERT_LANGUAGE: note(z.enum(['ru', 'en']).default('ru'), 'The language of alerts.', 'en'),
    OPORA_ALERT_HEARTBEAT_URL: secretNote(
      address().optional(),
      "Called every minute while the monitor is well: an outside watchman's address that alarms when the calls stop.",
      'https://hc.example.com/ping/your-secret-id',
    ),
  };
}

function panel() {
  begin('Panel');
  return {
    REMNAWAVE_URL: note(
      address().optional(),
      'Base address of the panel, without /api.',
      'https://panel.example.com',
    ),
    REMNAWAVE_TOKEN: secretText('API token made in the panel.', 'eyJ...'),
    REMNAWAVE_WEBHOOK_SECRET: secretText(
      'WEBHOOK_SECRET_HEADER of the panel.',
      '64 letters and digits',
    ),
    REMNAWAVE_HEADERS: secretText(
      'Extra headers a proxy before the panel wants, as a JSON object.',
      '{"X-Api-Key":"..."}',
    ),
    REMNAWAVE_COOKIE: secretText(
      'A cookie a proxy before the panel wants, `name=value`.',
      'gate=secret',
    ),
    REMNAWAVE_SQUADS: note(
      list.default([]),
      'Internal squads (uuids) every customer gets; absent: all squads the panel has.',
      '11111111-2222-3333-4444-555555555555',
    ),
  };
}

function mail() {
  begin('Mail');
  return {
    SMTP_URL: secretNote(
      z.url({ protocol: /^smtps?$/ }).optional(),
      'Where mail is handed over, with user and password; absent: the simulated mailbox, or no mail.',
      'smtp://apikey:SG.secret@smtp.sendgrid.net:587',
    ),
    MAIL_FROM: note(
      z.email().optional(),
      "The sender's address; the product's name is put before it. Needed with SMTP_URL.",
      'hello@example.com',
    ),
    MAIL_TEST_INBOX: note(
      z.email().optional(),
      'Every mail goes here, whatever its address. Needed on staging, refused in production.',
      'staging@example.com',
    ),
    SENDGRID_WEBHOOK_KEY: note(
      z.string().refine(isPublicKey, 'not the base64 of a P-256 public key').optional(),
      'Verification key of the signed event webhook at SendGrid; absent: its endpoint is closed.',
      'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE...',
    ),
  };
}

/** SendGrid shows the key as base64 of its DER form, without the lines of a PEM file. */
function isPublicKey(text: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
  } catch {
    return false;
  }
}

export const configSchema = z.object({
  ...platform(),
  ...processes(),
  ...data(),
  ...keys(),
  ...telegram(),
  ...alerts(),
  ...mail(),
  ...panel(),
  ...yookassa(),
  ...tkassa(),
  ...freekassa(),
  ...stripe(),
  ...paypal(),
  ...cryptopay(),
  ...tribute(),
});

/** What the environment says, checked and with defaults; secrets are still plain text here. */
export type Settings = z.infer<typeof configSchema>;

/** Keys that older documents name: refused with what replaced them. */
export const REMOVED_KEYS: Readonly<Record<string, string>> = {
  BOT_TOKEN: 'TELEGRAM_BOT_TOKEN',
  OPORA_INTERNAL_TOKEN: 'SERVICE_KEYS (a set of keys; generated when absent)',
  JWT_SECRET: 'JWT_KEYS (a set of Ed25519 keys; generated when absent)',
  NEXT_PUBLIC_API_URL: 'nothing (the site passes /api and /auth on by itself)',
  REMNAWAVE_API_KEY: 'REMNAWAVE_TOKEN',
  YOOKASSA_API_KEY: 'YOOKASSA_SECRET_KEY',
};

/** Offsets from OPORA_PORT_BASE: the contract's table, and the roles' internal listeners. */
export const PORT_OFFSETS = {
  web: 0,
  gateway: 1,
  simulators: 50,
  api: 100,
  bot: 110,
  worker: 120,
  gatewayInternal: 130,
  monitorInternal: 140,
  databaseInternal: 150,
  /** The simulated mailbox takes SMTP here. */
  mailbox: 160,
  auth: 170,
  postgres: 433,
  gatewayDiagnostics: 1020,
  authBalancer: 1021,
  monitor: 1030,
} as const;
