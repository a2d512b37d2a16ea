/**
 * The state folder of a local run: where it is, and `local.env` in it, which the first start
 * fills with passwords and tokens so that nobody has to write one down. Later starts add what is
 * missing and follow a moved port; a value that is there is never replaced.
 */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { DomainError, type Clock, type Ids } from '@opora/kernel';
import { homeFolder, inheritedEnvironment, pinHome, rootFolder } from '../config/load.ts';
import { REMOVED_KEYS } from '../config/schema.ts';
import { LOCAL_KEYS, localEnvironmentFile, type Ports } from '../config/shape.ts';
import { newKey } from './keys/key-set-text.ts';
import { canEnter, choosePostgresUser } from './postgres/unprivileged.ts';

/** The state folder cannot be made or written; the message says which and why. */
export class HomeUnusable extends DomainError {
  readonly code = 'local.home_unusable';
  readonly kind = 'unavailable';
}

export const DATABASE_NAME = 'opora';
const ROOT_STATE_FOLDER = '/var/lib/opora';
const TELEGRAM_SECRET_LENGTH = 35;

/**
 * Root cannot run PostgreSQL as itself. Where it cannot use a user namespace either, the state
 * moves to a folder that PostgreSQL's user can enter, one for each checkout.
 */
export function placeHome(): void {
  const environment = inheritedEnvironment();
  const decided = environment['OPORA_HOME'] ?? environment['DATABASE_URL'];
  if (decided !== undefined || process.getuid?.() !== 0) return;
  const user = choosePostgresUser();
  if (user.kind !== 'other' || canEnter(rootFolder, user)) return;
  const checkout = createHash('sha256').update(rootFolder).digest('hex').slice(0, 12);
  pinHome(join(ROOT_STATE_FOLDER, checkout));
}

/** The state folder of this process, after `placeHome`. */
export function currentHome(): string {
  return homeFolder(inheritedEnvironment());
}

/**
 * Makes the folder and completes `local.env` (mode 0600). Answers whether it was the first start.
 * Throws `HomeUnusable`.
 */
export async function ensureLocalState(deps: {
  home: string;
  ports: Ports;
  clock: Clock;
  ids: Ids;
}): Promise<{ firstStart: boolean }> {
  const file = localEnvironmentFile(deps.home);
  try {
    await mkdir(join(deps.home, 'logs'), { recursive: true });
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    });
    const present = parseEnv(text);
    const wanted: Record<string, string | undefined> = { ...generate(deps), ...present };
    for (const key of Object.keys(REMOVED_KEYS)) Reflect.deleteProperty(wanted, key);
    for (const key of [LOCAL_KEYS.databaseUrl, LOCAL_KEYS.databaseOwnerUrl]) {
      wanted[key] = movedTo(wanted[key] ?? '', deps.ports.postgres);
    }
    const complete = render(wanted);
    if (complete !== text) await replaceFile(file, complete);
    await chmod(file, 0o600);
    return { firstStart: text === '' };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HomeUnusable(
      `cannot use the state folder ${deps.home} (${reason}): free some space or name another with OPORA_HOME`,
      { cause },
    );
  }
}

/** Puts other values into `local.env`, for a change that is meant; the rest stays. */
export async function changeLocalState(
  home: string,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const file = localEnvironmentFile(home);
  const present = parseEnv(await readFile(file, 'utf8'));
  await replaceFile(file, render({ ...present, ...changes }));
}

/** The superuser's password of the embedded server, made once; only the database role reads it. */
export async function superuserPassword(home: string, ids: Ids): Promise<string> {
  const file = join(home, 'postgres', 'superuser-password');
  const present = await readFile(file, 'utf8').catch(() => '');
  if (present !== '') return present.trim();
  const made = ids.secret(24);
  await mkdir(join(home, 'postgres'), { recursive: true });
  await replaceFile(file, `${made}\n`);
  return made;
}

function generate({ ports, clock, ids }: { ports: Ports; clock: Clock; ids: Ids }) {
  const address = (role: string): string =>
    `postgres://${role}:${ids.secret(24)}@127.0.0.1:${String(ports.postgres)}/${DATABASE_NAME}`;
  const values: Record<string, string | undefined> = {
    [LOCAL_KEYS.databaseUrl]: address('opora_app'),
    [LOCAL_KEYS.databaseOwnerUrl]: address('opora_owner'),
    [LOCAL_KEYS.telegramToken]: `7000000001:${ids.secret(27).slice(0, TELEGRAM_SECRET_LENGTH)}`,
    [LOCAL_KEYS.telegramClientSecret]: ids.secret(32),
    [LOCAL_KEYS.yookassaShopId]: '100500',
    [LOCAL_KEYS.yookassaSecretKey]: `test_${ids.secret(32)}`,
    ...simulatedPayments(ids),
    [LOCAL_KEYS.remnawaveToken]: ids.secret(32),
    // The panel wants exactly 64 letters and digits here, which hexadecimal is.
    [LOCAL_KEYS.remnawaveWebhookSecret]: Buffer.from(ids.secret(32), 'base64url').toString('hex'),
    ...sendgridKeys(),
    JWT_KEYS: newKey({ clock, ids }, 'signing').text,
    ENCRYPTION_KEYS: newKey({ clock, ids }, 'encryption').text,
    SERVICE_KEYS: newKey({ clock, ids }, 'service').text,
    TELEGRAM_WEBHOOK_SECRET: ids.secret(32),
  };
  return values;
}

/** In the forms of the vendors' test modes: no key of a real shop looks like these. */
function simulatedPayments(ids: Ids): Record<string, string> {
  return {
    [LOCAL_KEYS.tkassaTerminalKey]: '1700000000001DEMO',
    [LOCAL_KEYS.tkassaPassword]: ids.secret(16),
    [LOCAL_KEYS.freekassaShopId]: '7012',
    [LOCAL_KEYS.freekassaWord1]: ids.secret(16),
    [LOCAL_KEYS.freekassaWord2]: ids.secret(16),
    [LOCAL_KEYS.freekassaApiKey]: ids.secret(24),
    [LOCAL_KEYS.stripeApiKey]: `sk_test_${ids.secret(24)}`,
    [LOCAL_KEYS.stripeWebhookSecret]: `whsec_${ids.secret(24)}`,
    [LOCAL_KEYS.paypalClientId]: `A${ids.secret(40)}`,
    [LOCAL_KEYS.paypalSecret]: `E${ids.secret(40)}`,
    [LOCAL_KEYS.paypalWebhookId]: '1SIMULATED0000001',
    [LOCAL_KEYS.cryptopayToken]: `10001:AA${ids.secret(24)}`,
    [LOCAL_KEYS.tributeApiKey]: ids.secret(32),
  };
}

/** Base64 of the DER forms, as SendGrid shows its own; both are made, or both are kept. */
function sendgridKeys(): Record<string, string> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const forms = {
    [LOCAL_KEYS.sendgridPublicKey]: publicKey.export({ format: 'der', type: 'spki' }),
    [LOCAL_KEYS.sendgridPrivateKey]: privateKey.export({ format: 'der', type: 'pkcs8' }),
  };
  return Object.fromEntries(
    Object.entries(forms).map(([key, form]) => [key, form.toString('base64')]),
  );
}

function movedTo(address: string, port: number): string {
  const url = new URL(address);
  url.port = String(port);
  return url.href;
}

function render(values: Readonly<Record<string, string | undefined>>): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}='${value ?? ''}'`);
  return `# Generated by the first start; secret. Delete the whole folder to begin anew.\n${lines.join('\n')}\n`;
}

/** Whole or not at all; only its owner reads it. */
export async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, path);
}
