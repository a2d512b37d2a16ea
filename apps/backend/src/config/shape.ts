/** From flat settings to the slices that `compose.ts` hands out; secrets are wrapped here. */
import { join } from 'node:path';
import { Secret } from '@opora/kernel';
import { shapeFallback, type FallbackConfig } from './fallback-settings.ts';
import { secret } from './fields.ts';
import { logLevels, type LogLevels } from './log-levels.ts';
import { paymentVendors, type SimulatedPayments, type PaymentConfig } from './payment-shape.ts';
import { PORT_OFFSETS, type PlantedBug, type Settings } from './schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export type Ports = Readonly<Record<keyof typeof PORT_OFFSETS, number>>;

export type Config = Readonly<{
  environment: Settings['OPORA_ENV'];
  product: string;
  /** The checkout or the image's root. */
  root: string;
  /** State of a local run. */
  home: string;
  ports: Ports;
  simulators: boolean;
  /** The local platform starts the web site too. */
  web: boolean;
  /** Where Telegram and providers reach the gateway; undefined: only this machine does. */
  publicUrl: string | undefined;
  /** Where customers open the site. */
  webUrl: string;
  /** Closes the site to those who do not know it; undefined: open. */
  sitePassword: Secret | undefined;
  /** The gateway as this machine reaches it. */
  gatewayUrl: string;
  logLevels: LogLevels;
  instances: Readonly<{ auth: number; api: number; bot: number; worker: number }>;
  /** Gateways that share the limits; this machine starts one of them. */
  gateways: number;
  /** What the gateway does while the auth service is away. */
  fallback: FallbackConfig;
  trustedProxies: readonly string[];
  /** Whose pages may read the gateway's answers; `*`: everybody's. */
  corsOrigins: readonly string[];
  /** Listening sockets that were opened for this process: descriptor by port. */
  sockets: ReadonlyMap<number, number>;
  /** Undefined: staff works from anywhere. */
  staffNetworks: readonly string[] | undefined;
  pace: 'normal' | 'drill';
  /** Undefined outside the drill's pace, whatever the environment says. */
  plantedBug: PlantedBug | undefined;
  database: DatabaseConfig;
  /** Undefined: nothing is shared between gateways. */
  redisUrl: Secret | undefined;
  jwtKeys: Secret | undefined;
  encryptionKeys: Secret | undefined;
  serviceKeys: Secret | undefined;
  /** As they are now: they change while roles run. */
  readServiceKeys: () => Secret | undefined;
  telegram: TelegramConfig;
  mail: MailConfig;
  alerts: AlertConfig;
  remnawave: RemnawaveConfig;
}> &
  PaymentConfig;

export type DatabaseConfig = Readonly<{
  /** True: the `database` role owns a server of ours. */
  embedded: boolean;
  /** The application's role; undefined until the first start made it. */
  url: Secret | undefined;
  ownerUrl: Secret | undefined;
  connectionsMax: number;
}>;

export type TelegramConfig = Readonly<{
  token: Secret | undefined;
  webhookSecret: Secret | undefined;
  apiUrl: string;
  /** The simulated one of this run: it reaches the gateway of this machine, and has a chat page. */
  simulated: boolean;
  /** Where Telegram reaches the gateway; undefined: it cannot, the bot polls. */
  webhookBase: string | undefined;
  /** How the site asks who somebody is, by OpenID Connect; undefined: by the older widget. */
  oidc: Readonly<{ issuer: string; clientId: string; clientSecret: Secret }> | undefined;
}>;

export type MailConfig = Readonly<{
  /** Undefined: no mail is sent. */
  smtpUrl: Secret | undefined;
  from: string;
  /** Outside production everything can be sent here instead. */
  testInbox: string | undefined;
  /** Base64 of the DER form; undefined: SendGrid's endpoint is closed. */
  sendgridKey: string | undefined;
  /** The simulated SendGrid signs with this; it is the other half of `sendgridKey`. */
  simulatedSendgridKey: Secret | undefined;
}>;

/** Whom the monitor tells, and how. */
export type AlertConfig = Readonly<{
  /** Of Telegram; undefined: nobody there. */
  chatId: string | undefined;
  mailTo: readonly string[];
  language: 'ru' | 'en';
  /** The dead man's switch; its path is often its password. */
  heartbeatUrl: Secret | undefined;
}>;

export type RemnawaveConfig = Readonly<{
  url: string | undefined;
  token: Secret | undefined;
  webhookSecret: Secret | undefined;
  /** JSON object of extra headers. */
  headers: Secret | undefined;
  cookie: Secret | undefined;
  squads: readonly string[];
}>;

/**
 * Values a first start generates into `local.env`; the simulators are given the same ones, so
 * that both sides of the simulated world agree without anybody writing a token down.
 */
export const LOCAL_KEYS = {
  databaseUrl: 'LOCAL_DATABASE_URL',
  databaseOwnerUrl: 'LOCAL_DATABASE_OWNER_URL',
  telegramToken: 'LOCAL_TELEGRAM_TOKEN',
  telegramClientSecret: 'LOCAL_TELEGRAM_CLIENT_SECRET',
  yookassaShopId: 'LOCAL_YOOKASSA_SHOP_ID',
  yookassaSecretKey: 'LOCAL_YOOKASSA_SECRET_KEY',
  tkassaTerminalKey: 'LOCAL_TKASSA_TERMINAL_KEY',
  tkassaPassword: 'LOCAL_TKASSA_PASSWORD',
  freekassaShopId: 'LOCAL_FREEKASSA_SHOP_ID',
  freekassaWord1: 'LOCAL_FREEKASSA_SECRET_1',
  freekassaWord2: 'LOCAL_FREEKASSA_SECRET_2',
  freekassaApiKey: 'LOCAL_FREEKASSA_API_KEY',
  stripeApiKey: 'LOCAL_STRIPE_API_KEY',
  stripeWebhookSecret: 'LOCAL_STRIPE_WEBHOOK_SECRET',
  paypalClientId: 'LOCAL_PAYPAL_CLIENT_ID',
  paypalSecret: 'LOCAL_PAYPAL_SECRET',
  paypalWebhookId: 'LOCAL_PAYPAL_WEBHOOK_ID',
  cryptopayToken: 'LOCAL_CRYPTOPAY_TOKEN',
  tributeApiKey: 'LOCAL_TRIBUTE_API_KEY',
  remnawaveToken: 'LOCAL_REMNAWAVE_TOKEN',
  remnawaveWebhookSecret: 'LOCAL_REMNAWAVE_WEBHOOK_SECRET',
  sendgridPublicKey: 'LOCAL_SENDGRID_PUBLIC_KEY',
  sendgridPrivateKey: 'LOCAL_SENDGRID_PRIVATE_KEY',
} as const;

const TELEGRAM_ISSUER = 'https://oauth.telegram.org';

/** The value of a setting at this moment; undefined: it is not set. */
type SettingNow = (key: string) => string | undefined;

export function shapeConfig(
  settings: Settings,
  environment: Environment,
  { setting, ...folders }: { root: string; home: string; setting: SettingNow },
): Config {
  const ports = portsFrom(settings.OPORA_PORT_BASE);
  const simulators = settings.OPORA_SIMULATORS === 'on';
  const world = simulators ? simulatedWorld(environment, ports) : undefined;
  return {
    environment: settings.OPORA_ENV,
    product: settings.OPORA_PRODUCT,
    ...folders,
    ports,
    simulators,
    web: settings.OPORA_WEB === 'on',
    publicUrl: settings.OPORA_PUBLIC_URL,
    webUrl: settings.OPORA_WEB_URL ?? local(ports.web),
    sitePassword: secret(settings.OPORA_SITE_PASSWORD),
    gatewayUrl: local(ports.gateway),
    logLevels: logLevels(settings.OPORA_LOG_LEVEL),
    instances: {
      auth: settings.OPORA_AUTH_INSTANCES,
      api: settings.OPORA_API_INSTANCES,
      bot: settings.OPORA_BOT_INSTANCES,
      worker: settings.OPORA_WORKER_INSTANCES,
    },
    gateways: settings.OPORA_GATEWAY_INSTANCES,
    fallback: shapeFallback(settings),
    trustedProxies: settings.OPORA_TRUSTED_PROXIES,
    corsOrigins: settings.OPORA_CORS_ORIGINS,
    sockets: socketsIn(settings.OPORA_OPEN_SOCKETS),
    staffNetworks: settings.OPORA_STAFF_NETWORKS,
    pace: settings.OPORA_PACE,
    plantedBug: settings.OPORA_PACE === 'drill' ? settings.OPORA_PLANTED_BUG : undefined,
    database: {
      embedded: settings.DATABASE_URL === undefined,
      url: secret(settings.DATABASE_URL ?? environment[LOCAL_KEYS.databaseUrl]),
      ownerUrl: secret(
        settings.DATABASE_OWNER_URL ??
          settings.DATABASE_URL ??
          environment[LOCAL_KEYS.databaseOwnerUrl],
      ),
      connectionsMax: settings.DATABASE_CONNECTIONS_MAX,
    },
    redisUrl: secret(settings.REDIS_URL),
    jwtKeys: secret(settings.JWT_KEYS),
    encryptionKeys: secret(settings.ENCRYPTION_KEYS),
    serviceKeys: secret(settings.SERVICE_KEYS),
    readServiceKeys: () => secret(setting('SERVICE_KEYS')),
    alerts: {
      chatId: settings.TELEGRAM_CHAT_ID,
      mailTo: settings.OPORA_ALERT_MAIL,
      language: settings.OPORA_ALERT_LANGUAGE,
      heartbeatUrl: secret(settings.OPORA_ALERT_HEARTBEAT_URL),
    },
    ...vendors(settings, world),
    ...paymentVendors(settings, world?.payments),
  };
}

type SimulatedWorld = ReturnType<typeof simulatedWorld>;

function simulatedWorld(environment: Environment, ports: Ports) {
  const base = local(ports.simulators);
  return {
    gatewayUrl: local(ports.gateway),
    telegram: {
      url: `${base}/telegram`,
      token: environment[LOCAL_KEYS.telegramToken],
      clientSecret: environment[LOCAL_KEYS.telegramClientSecret],
    },
    payments: simulatedPayments(environment, base),
    remnawave: {
      url: `${base}/remnawave`,
      token: environment[LOCAL_KEYS.remnawaveToken],
      webhookSecret: environment[LOCAL_KEYS.remnawaveWebhookSecret],
    },
    mail: {
      url: `smtp://127.0.0.1:${String(ports.mailbox)}`,
      sendgridKey: environment[LOCAL_KEYS.sendgridPublicKey],
      sendgridPrivateKey: environment[LOCAL_KEYS.sendgridPrivateKey],
    },
  };
}

function simulatedPayments(environment: Environment, base: string): SimulatedPayments {
  const kept = (key: keyof typeof LOCAL_KEYS): string | undefined => environment[LOCAL_KEYS[key]];
  return {
    yookassa: {
      url: `${base}/yookassa/v3/`,
      shopId: kept('yookassaShopId'),
      secretKey: kept('yookassaSecretKey'),
    },
    tkassa: {
      url: `${base}/tkassa/v2/`,
      terminalKey: kept('tkassaTerminalKey'),
      password: kept('tkassaPassword'),
    },
    freekassa: {
      url: `${base}/freekassa/v1/`,
      payUrl: `${base}/freekassa/pay/`,
      shopId: kept('freekassaShopId'),
      word1: kept('freekassaWord1'),
      word2: kept('freekassaWord2'),
      apiKey: kept('freekassaApiKey'),
    },
    stripe: {
      url: `${base}/stripe/v1/`,
      apiKey: kept('stripeApiKey'),
      webhookSecret: kept('stripeWebhookSecret'),
    },
    paypal: {
      url: `${base}/paypal/`,
      clientId: kept('paypalClientId'),
      secret: kept('paypalSecret'),
      webhookId: kept('paypalWebhookId'),
    },
    cryptopay: { url: `${base}/cryptopay/api/`, token: kept('cryptopayToken') },
    tribute: { url: `${base}/tribute/api/v1/`, apiKey: kept('tributeApiKey') },
  };
}

/** The real Telegram is asked in the name of a real bot, the simulated one in the name of its own. */
function shapeOidc(
  settings: Settings,
  simulatedToken: string | undefined,
  world: SimulatedWorld | undefined,
): TelegramConfig['oidc'] {
  const token = settings.TELEGRAM_BOT_TOKEN ?? simulatedToken;
  const text = settings.TELEGRAM_OIDC_CLIENT_SECRET ?? world?.telegram.clientSecret;
  const clientSecret = secret(text);
  if (token === undefined || clientSecret === undefined) return undefined;
  const [clientId = ''] = token.split(':', 1);
  const issuer = world === undefined ? TELEGRAM_ISSUER : `${world.telegram.url}/oauth`;
  return { issuer, clientId, clientSecret };
}

function vendors(
  settings: Settings,
  world: SimulatedWorld | undefined,
): Pick<Config, 'telegram' | 'mail' | 'remnawave'> {
  const simulatesTelegram = world !== undefined && settings.TELEGRAM_API_URL === undefined;
  return {
    telegram: {
      token: secret(settings.TELEGRAM_BOT_TOKEN ?? world?.telegram.token),
      webhookSecret: secret(settings.TELEGRAM_WEBHOOK_SECRET),
      apiUrl: settings.TELEGRAM_API_URL ?? world?.telegram.url ?? 'https://api.telegram.org',
      simulated: simulatesTelegram,
      webhookBase: simulatesTelegram ? world.gatewayUrl : settings.OPORA_PUBLIC_URL,
      oidc: shapeOidc(settings, world?.telegram.token, simulatesTelegram ? world : undefined),
    },
    mail: {
      smtpUrl: secret(settings.SMTP_URL ?? world?.mail.url),
      from: settings.MAIL_FROM ?? 'no-reply@example.com',
      testInbox: settings.MAIL_TEST_INBOX,
      sendgridKey: settings.SENDGRID_WEBHOOK_KEY ?? world?.mail.sendgridKey,
      simulatedSendgridKey: secret(world?.mail.sendgridPrivateKey),
    },
    remnawave: {
      url: settings.REMNAWAVE_URL ?? world?.remnawave.url,
      token: secret(settings.REMNAWAVE_TOKEN ?? world?.remnawave.token),
      webhookSecret: secret(settings.REMNAWAVE_WEBHOOK_SECRET ?? world?.remnawave.webhookSecret),
      headers: secret(settings.REMNAWAVE_HEADERS),
      cookie: secret(settings.REMNAWAVE_COOKIE),
      squads: settings.REMNAWAVE_SQUADS,
    },
  };
}

function socketsIn(pairs: readonly string[]): ReadonlyMap<number, number> {
  return new Map(
    pairs.map((pair) => {
      const [port, descriptor] = pair.split('=');
      return [Number(port), Number(descriptor)];
    }),
  );
}

export function portsFrom(base: number): Ports {
  return Object.fromEntries(
    Object.entries(PORT_OFFSETS).map(([name, offset]) => [name, base + offset]),
  ) as Ports; // the same keys, each with its number
}

/** Shorter pieces of a secret are names and hosts. */
const PIECE_LENGTH_MIN = 16;

/**
 * What no line of a log may show: every secret of the configuration, and its pieces, as a password
 * inside an address or a key inside JSON.
 */
export function secretValues(config: Config): string[] {
  return secretsIn(config).flatMap((secret) => partsOf(secret.reveal()));
}

function secretsIn(value: unknown): Secret[] {
  if (value instanceof Secret) return [value as Secret]; // every secret here is a text
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(secretsIn) : [];
}

function partsOf(value: string): string[] {
  if (/^[[{]/.test(value)) return [value, ...textsOf(value)];
  const pieces = value.split(/[\s=:,;@/]/).filter((piece) => piece.length >= PIECE_LENGTH_MIN);
  return [value, ...pieces];
}

/** The texts of JSON; what is no JSON has none. */
function textsOf(json: string): string[] {
  const texts: string[] = [];
  try {
    JSON.parse(json, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return value;
    });
  } catch {
    // Its reader will refuse it; here it is a text like any other.
  }
  return texts;
}

/** The file of generated values inside OPORA_HOME. */
export function localEnvironmentFile(home: string): string {
  return join(home, 'local.env');
}

function local(port: number): string {
  return `http://127.0.0.1:${String(port)}`;
}
