/**
 * A unique value in every secret setting, and the search for them. Which settings are secret is
 * read from the schema, so a new one has its canary, or the platform of the test does not start.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { configSchema, fieldNotes } from '../src/config/schema.ts';
import { LOCAL_KEYS, type Ports } from '../src/config/shape.ts';

/** What is looked for, by what it is: the name of a setting, or of something of a customer. */
export type Canaries = ReadonlyMap<string, string>;

export type Planted = Readonly<{
  canaries: Canaries;
  /** For the environment of the platform. */
  settings: Readonly<Record<string, string>>;
}>;

/** Letters and digits only: the strictest of the settings take nothing else. */
export function canary(length = 32): string {
  return `canary${randomBytes(32).toString('hex')}`.slice(0, length);
}

type Form = (value: string, ports: Ports) => Readonly<Record<string, string>>;

const database =
  (key: string, role: string): Form =>
  (value, ports) => {
    // DATABASE_URL itself would turn the embedded server off; both names are read into one value.
    return { [key]: `postgres://${role}:${value}@127.0.0.1:${String(ports.postgres)}/opora` };
  };

/** Settings that are more than a text. */
const FORMS: Readonly<Record<string, Form>> = {
  DATABASE_URL: database(LOCAL_KEYS.databaseUrl, 'opora_app'),
  DATABASE_OWNER_URL: database(LOCAL_KEYS.databaseOwnerUrl, 'opora_owner'),
  JWT_KEYS: (value) => ({ JWT_KEYS: value }),
  ENCRYPTION_KEYS: (value) => ({ ENCRYPTION_KEYS: `2026-11:${value}` }),
  SERVICE_KEYS: (value) => ({ SERVICE_KEYS: `2026-11:${value}` }),
  TELEGRAM_BOT_TOKEN: (value) => ({ TELEGRAM_BOT_TOKEN: `7000000001:${value}` }),
  SMTP_URL: (value, ports) => ({
    SMTP_URL: `smtp://apikey:${value}@127.0.0.1:${String(ports.mailbox)}`,
    MAIL_FROM: 'hello@example.com',
  }),
  OPORA_ALERT_HEARTBEAT_URL: (value) => ({
    OPORA_ALERT_HEARTBEAT_URL: `http://127.0.0.1:9/ping/${value}`,
  }),
  // Nobody listens there: what is asked of it is done without it.
  REDIS_URL: (value) => ({ REDIS_URL: `redis://opora:${value}@127.0.0.1:9/0` }),
  REMNAWAVE_HEADERS: (value) => ({ REMNAWAVE_HEADERS: JSON.stringify({ 'X-Gate': value }) }),
  REMNAWAVE_COOKIE: (value) => ({ REMNAWAVE_COOKIE: `gate=${value}` }),
};

const LENGTHS: Readonly<Record<string, number>> = {
  // Read as base64 this is 32 bytes.
  ENCRYPTION_KEYS: 43,
  SERVICE_KEYS: 43,
  TELEGRAM_BOT_TOKEN: 35,
  REMNAWAVE_WEBHOOK_SECRET: 64,
};

/** The names of all settings whose values are secret. */
export function secretSettings(): string[] {
  return Object.entries(configSchema.shape).flatMap(([key, schema]) =>
    fieldNotes.get(schema)?.secret === true ? [key] : [],
  );
}

export function plant(ports: Ports): Planted {
  const canaries = new Map<string, string>();
  const settings: Record<string, string> = {};
  for (const key of secretSettings()) {
    const form = FORMS[key] ?? ((value: string) => ({ [key]: value }));
    const { secret, text } = key === 'JWT_KEYS' ? signingKey() : both(canary(LENGTHS[key]));
    canaries.set(key, secret);
    Object.assign(settings, form(text, ports));
  }
  return { canaries, settings };
}

function both(value: string): { secret: string; text: string } {
  return { secret: value, text: value };
}

/** A private key cannot be chosen: the one that was made is its own canary. */
function signingKey(): { secret: string; text: string } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'canary-key', use: 'sig' };
  return { secret: String(key.d), text: JSON.stringify([{ ...key, alg: 'EdDSA' }]) };
}

/** Where each canary was seen, as `TELEGRAM_BOT_TOKEN in up.log`. */
export function findCanaries(
  canaries: Canaries,
  outputs: ReadonlyMap<string, string>,
): readonly string[] {
  return [...canaries].flatMap(([name, value]) =>
    [...outputs].flatMap(([output, text]) =>
      formsOf(value).some((form) => text.includes(form)) ? [`${name} in ${output}`] : [],
    ),
  );
}

/** As it is, in an address, in JSON, and in base64, where it may begin at any of three places. */
function formsOf(value: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const text = Buffer.from(`${'.'.repeat(shift)}${value}`).toString('base64');
    return text.slice(shift === 0 ? 0 : 4, -4);
  });
  return [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1), ...shifted];
}
