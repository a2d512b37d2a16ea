/** The composition of the doctor: what is looked at, in the order it is shown. */
import { join } from 'node:path';
import type { Clock, Ids } from '@opora/kernel';
import type { Environment } from '../../config/load.ts';
import type { Config } from '../../config/shape.ts';
import { createProviders, ProviderUnavailable } from '../../modules/payments/index.ts';
import { createPanel, PanelUnavailable } from '../../modules/provisioning/index.ts';
import { createBreaker } from '../../platform/breaker/index.ts';
import type { HttpClient } from '../../platform/http-client/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { createMailer, type Mailer } from '../../platform/mail/index.ts';
import { createTelegramApi, type TelegramApi } from '../../platform/telegram/index.ts';
import type { ControlAnswer } from '../control/index.ts';
import { skipped, type Check } from './check.ts';
import { checkAddress } from './checks/address.ts';
import { checkBot } from './checks/bot.ts';
import { checkClock } from './checks/clock.ts';
import { checkConfiguration } from './checks/configuration.ts';
import { checkConnections } from './checks/connections.ts';
import { checkDatabase } from './checks/database.ts';
import { checkDatabaseRoles } from './checks/database-roles.ts';
import { checkDisk } from './checks/disk.ts';
import { checkMail } from './checks/mail.ts';
import { checkMigrations } from './checks/migrations.ts';
import { checkPanel } from './checks/panel.ts';
import { checkPayments } from './checks/payments.ts';
import { checkOwnPorts } from './checks/ports.ts';
import { checkRedis } from './checks/redis.ts';
import { checkWebhook } from './checks/webhook.ts';
import { openDatabaseLine, type DatabaseLine } from './database-line.ts';
import { shopsOf } from './shops.ts';

export type DoctorDeps = Readonly<{
  config: Config;
  environment: Environment;
  /** What the supervisor of this home answers; undefined when nothing runs here. */
  running: ControlAnswer | undefined;
  http: HttpClient;
  clock: Clock;
  ids: Ids;
  log: Log;
}>;

/** The checks, and how to let go of what they opened. */
export function allChecks(deps: DoctorDeps): { checks: Check[]; close(): Promise<void> } {
  const { config, running, clock } = deps;
  const isRunning = running !== undefined;
  const lines = openLines(config, isRunning);
  const telegram = isAsleep(deps, config.telegram.apiUrl) ? undefined : openTelegram(deps);
  const databaseNow = async (): Promise<Date> => {
    if (lines === undefined) throw new Error('no database');
    return (await lines.app.one<{ now: Date }>('select clock_timestamp() as now')).now;
  };
  const mailer = openMailer(deps);
  const { apiUrl, webhookBase } = config.telegram;
  const addresses = [apiUrl, config.yookassa.apiUrl, config.remnawave.url ?? apiUrl];
  const checks = [
    checkConfiguration(config, deps.environment),
    checkOwnPorts(config, running),
    checkDisk(config.home, databaseFolder(config, lines)),
    ...databaseChecks(deps, lines),
    checkRedis(config.redisUrl, deps),
    checkClock({ addresses, databaseNow }, deps),
    ...(isAsleep(deps, apiUrl)
      ? [asleep('bot')]
      : [checkBot(telegram), checkWebhook(telegram, { webhookBase, isRunning }, clock)]),
    ...vendorChecks(deps),
    isAsleep(deps, config.mail.smtpUrl?.reveal() ?? '')
      ? asleep('mail')
      : checkMail(mailer, config.mail),
    checkAddress('OPORA_PUBLIC_URL', config.publicUrl, deps),
    checkAddress('OPORA_WEB_URL', config.webUrl, deps),
  ];
  return {
    checks,
    async close() {
      mailer?.close();
      await Promise.allSettled([lines?.app.close(), lines?.owner.close(), telegram?.close()]);
    },
  };
}

type Lines = Readonly<{ app: DatabaseLine; owner: DatabaseLine }>;

/** Undefined while our own server is not running: it runs with the platform. */
function openLines({ database }: Config, isRunning: boolean): Lines | undefined {
  const { url, ownerUrl } = database;
  if (url === undefined || ownerUrl === undefined) return undefined;
  if (database.embedded && !isRunning) return undefined;
  return { app: openDatabaseLine(url.reveal()), owner: openDatabaseLine(ownerUrl.reveal()) };
}

/** Where a database of this machine keeps its files; a server of somebody else's may not tell. */
function databaseFolder(config: Config, lines: Lines | undefined) {
  return async (): Promise<string | undefined> => {
    if (config.database.embedded) return join(config.home, 'postgres');
    if (lines === undefined || !/^(?:127\.|localhost:|\[::1\])/.test(lines.app.address)) {
      return undefined;
    }
    const asked = lines.owner.one<{ folder: string }>(
      `select current_setting('data_directory') as folder`,
    );
    return await asked.then(({ folder }) => folder).catch(() => undefined);
  };
}

function databaseChecks({ config, clock }: DoctorDeps, lines: Lines | undefined): Check[] {
  if (lines === undefined) return [asleep('database')];
  return [
    checkDatabase(lines.app, clock),
    checkMigrations(lines.app, join(config.root, 'apps/backend/migrations')),
    checkDatabaseRoles(lines.app, lines.owner),
    checkConnections(lines.app, config),
  ];
}

function vendorChecks(deps: DoctorDeps): Check[] {
  const { config, clock } = deps;
  const breaker = (name: string) =>
    createBreaker({
      ...{ name, clock, ids: deps.ids },
      countsAsFailure: (error) =>
        error instanceof ProviderUnavailable || error instanceof PanelUnavailable,
    });
  // Made when the check runs: a setting that one of them cannot read is a finding of that check.
  const providers = () => createProviders(config, { ...deps, breaker });
  const panel = () => createPanel(config.remnawave, { ...deps, breaker: breaker('panel') });
  return [
    ...shopsOf(config).map((shop) =>
      isAsleep(deps, shop.apiUrl ?? '')
        ? asleep(`payments ${shop.id}`)
        : checkPayments(shop, () => providers().get(shop.id), clock),
    ),
    isAsleep(deps, config.remnawave.url ?? '')
      ? asleep('panel')
      : checkPanel(config.remnawave, panel, clock),
  ];
}

function openMailer({ config, clock, ids }: DoctorDeps): Mailer | undefined {
  const { smtpUrl, from, testInbox } = config.mail;
  if (smtpUrl === undefined) return undefined;
  const breaker = createBreaker({ name: 'mail', clock, ids, countsAsFailure: () => true });
  return createMailer({ url: smtpUrl, from, testInbox, clock, breaker });
}

/** A token that is none is told by the check; undefined when there is none at all. */
function openTelegram({ config, clock, log }: DoctorDeps): TelegramApi | undefined {
  return createTelegramApi({ config: config.telegram, clock, log });
}

/** The simulated one of this run, while nothing runs. */
function isAsleep({ config, running }: DoctorDeps, address: string): boolean {
  if (!config.simulators || running !== undefined) return false;
  const { simulators, mailbox } = config.ports;
  const world = [`http://127.0.0.1:${String(simulators)}/`, `smtp://127.0.0.1:${String(mailbox)}/`];
  return world.some((simulated) => `${address}/`.startsWith(simulated));
}

function asleep(name: string): Check {
  const found = skipped('runs with the platform: `npm start`, then ask again');
  return { name, run: () => Promise.resolve(found) };
}
