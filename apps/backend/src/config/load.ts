/**
 * The only reader of the environment. Sources, the first that has a key wins: the process's
 * environment, `.env.<OPORA_ENV>` beside the root package, `local.env` of OPORA_HOME (what the
 * first start generated). `NAME_FILE` names a file that holds a secret.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { configSchema, fieldNotes, REMOVED_KEYS, type Settings } from './schema.ts';
import { localEnvironmentFile, shapeConfig, type Config, type Environment } from './shape.ts';

export type ConfigFault = Readonly<{ key: string; problem: string }>;

/** Exit code of a wrong configuration (sysexits EX_CONFIG), as the contract promises. */
export const EXIT_CONFIGURATION = 78;

/** All faults at once: an operator mends a file once, not once per fault. */
export class ConfigurationInvalid extends Error {
  override readonly name = 'ConfigurationInvalid';
  readonly faults: readonly ConfigFault[];

  constructor(faults: readonly ConfigFault[]) {
    super(`wrong configuration:\n${table(faults)}`);
    this.faults = faults;
  }
}

/** `rootFolder` is the checkout (or the image's root), where products/ and .env files are. */
export const rootFolder = resolve(import.meta.dirname, '../../../..');

/** Reads, checks and freezes the configuration; throws `ConfigurationInvalid`. */
export function loadConfig(processEnvironment: Environment = process.env): Config {
  const environment = readEnvironment(processEnvironment);
  const home = homeFolder(environment);
  const faults: ConfigFault[] = [];
  const settings = parse(environment, faults);
  if (settings === undefined || faults.length > 0) throw new ConfigurationInvalid(faults);
  const setting = (key: string) => sourceOf(key, processEnvironment)?.value;
  return Object.freeze(shapeConfig(settings, environment, { root: rootFolder, home, setting }));
}

/** All sources joined, unchecked. */
export function readEnvironment(processEnvironment: Environment = process.env): Environment {
  const name = processEnvironment['OPORA_ENV'] ?? 'development';
  const file = withoutEmpty(readEnvFile(join(rootFolder, `.env.${name}`)));
  const given = over(file, withoutEmpty(processEnvironment));
  // What an older version generated there is nobody's mistake.
  const local = Object.entries(readEnvFile(localEnvironmentFile(homeFolder(given))));
  return over(Object.fromEntries(local.filter(([key]) => !(key in REMOVED_KEYS))), given);
}

export type SettingSource = Readonly<{
  /** `local`: generated into OPORA_HOME; `file`: what `NAME_FILE` names; `given`: by the operator. */
  kind: 'local' | 'file' | 'given';
  /** Of the file, or how the operator gave it. */
  path: string;
  value: string;
}>;

/** Where a setting comes from now; undefined: it is not set. */
export function sourceOf(
  key: string,
  processEnvironment: Environment = process.env,
): SettingSource | undefined {
  const inForce = readEnvironment(processEnvironment);
  const [value, path] = [inForce[key], inForce[`${key}_FILE`]];
  if (value === undefined) {
    return path === undefined
      ? undefined
      : { kind: 'file', path, value: readFileSync(path, 'utf8').trim() };
  }
  if (processEnvironment[key] !== undefined && processEnvironment[key] !== '') {
    return { kind: 'given', path: 'the environment', value };
  }
  const local = localEnvironmentFile(homeFolder(inForce));
  if (readEnvFile(local)[key] === value) return { kind: 'local', path: local, value };
  const name = processEnvironment['OPORA_ENV'] ?? 'development';
  return { kind: 'given', path: `.env.${name}`, value };
}

/** The first source wins, also when it names a file (`NAME_FILE`) and the other one the value. */
function over(
  second: Record<string, string>,
  first: Record<string, string>,
): Record<string, string> {
  const isFree = ([key]: [string, string]): boolean => !(`${key}_FILE` in first);
  return { ...Object.fromEntries(Object.entries(second).filter(isFree)), ...first };
}

/** What child processes inherit, and additions; here because only this file reads the environment. */
export function inheritedEnvironment(additions: Environment = {}): Environment {
  return { ...process.env, ...additions };
}

/** Fixes OPORA_HOME for this process and its children, so that all of them agree. */
export function pinHome(home: string): void {
  process.env['OPORA_HOME'] = home;
}

/** `.opora/` of the checkout unless OPORA_HOME says otherwise. */
export function homeFolder(environment: Environment): string {
  return resolve(rootFolder, environment['OPORA_HOME'] ?? '.opora');
}

function parse(environment: Environment, faults: ConfigFault[]): Settings | undefined {
  for (const [key, successor] of Object.entries(REMOVED_KEYS)) {
    if (environment[key] !== undefined) {
      faults.push({ key, problem: `no longer read; use ${successor}` });
    }
  }
  const values: Record<string, string | undefined> = {};
  for (const key of Object.keys(configSchema.shape)) {
    values[key] = environment[key] ?? readSecretFile(key, environment[`${key}_FILE`], faults);
  }
  const result = configSchema.safeParse(values);
  if (result.success) {
    faults.push(...contradictions(result.data));
    return result.data;
  }
  for (const issue of result.error.issues) {
    const key = String(issue.path[0] ?? '');
    faults.push({ key, problem: `${issue.message}${exampleOf(key)}` });
  }
  return undefined;
}

/** Values that are fine alone and wrong together. */
function contradictions(settings: Settings): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const isDevelopment = settings.OPORA_ENV === 'development';
  if (settings.OPORA_ENV === 'production' && settings.OPORA_SIMULATORS === 'on') {
    faults.push({
      key: 'OPORA_SIMULATORS',
      problem: 'simulated money in production: set it to off',
    });
  }
  if (settings.OPORA_ENV === 'production' && settings.OPORA_SITE_PASSWORD !== undefined) {
    faults.push({
      key: 'OPORA_SITE_PASSWORD',
      problem: 'customers of production would be asked for it: take it away',
    });
  }
  if (settings.OPORA_PACE === 'drill' && !isDevelopment) {
    faults.push({ key: 'OPORA_PACE', problem: 'drill is for development only' });
  }
  if (settings.YOOKASSA_RECEIPTS === 'on' && settings.YOOKASSA_RECEIPT_EMAIL === undefined) {
    faults.push({
      key: 'YOOKASSA_RECEIPT_EMAIL',
      problem: 'customers without a mailbox would pay without a receipt: needed with receipts',
    });
  }
  const hasBot = settings.TELEGRAM_BOT_TOKEN !== undefined || settings.OPORA_SIMULATORS === 'on';
  if (settings.TELEGRAM_OIDC_CLIENT_SECRET !== undefined && !hasBot) {
    faults.push({
      key: 'TELEGRAM_OIDC_CLIENT_SECRET',
      problem: 'it belongs to a bot: needed with TELEGRAM_BOT_TOKEN',
    });
  }
  return [...faults, ...contradictionsOfMail(settings)];
}

/** A test environment must not write to people, and production must write to nobody else. */
function contradictionsOfMail(settings: Settings): ConfigFault[] {
  const { OPORA_ENV: environment, SMTP_URL: url, MAIL_TEST_INBOX: inbox } = settings;
  const faults: ConfigFault[] = [];
  if (environment === 'production' && inbox !== undefined) {
    faults.push({
      key: 'MAIL_TEST_INBOX',
      problem: 'customers of production would get no mail: take it away',
    });
  }
  if (environment === 'staging' && url !== undefined && inbox === undefined) {
    faults.push({
      key: 'MAIL_TEST_INBOX',
      problem: 'staging would write to people: name the inbox that gets everything',
    });
  }
  if (url !== undefined && settings.MAIL_FROM === undefined) {
    faults.push({ key: 'MAIL_FROM', problem: 'mail needs a sender: needed with SMTP_URL' });
  }
  return faults;
}

function exampleOf(key: string): string {
  const field = Object.entries(configSchema.shape).find(([name]) => name === key)?.[1];
  const note = field === undefined ? undefined : fieldNotes.get(field);
  return note === undefined ? '' : ` (${note.about} Example: ${note.example})`;
}

function readSecretFile(
  key: string,
  path: string | undefined,
  faults: ConfigFault[],
): string | undefined {
  if (path === undefined) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    faults.push({
      key: `${key}_FILE`,
      problem: error instanceof Error ? error.message : 'unreadable',
    });
    return undefined;
  }
}

function readEnvFile(path: string): Record<string, string> {
  if (!existsSync(path)) return {};
  return Object.fromEntries(
    Object.entries(parseEnv(readFileSync(path, 'utf8'))).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value]],
    ),
  );
}

/** An empty variable means "not set": that is how shells and Compose files unset things. */
function withoutEmpty(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([key, value]) =>
      value === undefined || value === '' ? [] : [[key, value]],
    ),
  );
}

function table(faults: readonly ConfigFault[]): string {
  const width = Math.max(...faults.map((fault) => fault.key.length), 0);
  return faults.map((fault) => `  ${fault.key.padEnd(width)}  ${fault.problem}`).join('\n');
}

export type { Environment } from './shape.ts';
