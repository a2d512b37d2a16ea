/** Who runs in a local platform, with what arguments and environment. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Secret } from '@opora/kernel';
import { inheritedEnvironment, type Environment } from '../../config/load.ts';
import type { Config, Ports } from '../../config/shape.ts';
import type { Program } from '../process/life.ts';
import { readyWithinMs } from '../process/patience.ts';
import type { ChildSpec } from '../supervisor/index.ts';
import { CHILD_MARK } from './previous-run.ts';

/** Small heaps: a role holds little, and a laptop holds all of them. */
const ROLE_FLAGS = ['--max-old-space-size=160', '--max-semi-space-size=8'];
/** The simulated world holds everybody's memory: a drill of ten thousand payments needs room. */
const WORLD_FLAGS = ['--max-old-space-size=1024'];

export type Roster = Readonly<{
  database: ChildSpec | undefined;
  simulators: ChildSpec | undefined;
  /** Those that need the schema: started together. */
  roles: readonly ChildSpec[];
  web: ChildSpec | undefined;
  /** A command of ours run to its end, like `migrate up`. */
  command: (...args: readonly string[]) => Program;
}>;

export function rosterOf(config: Config): Roster {
  const { ports } = config;
  const environment = inheritedEnvironment({
    OPORA_HOME: config.home,
    [CHILD_MARK]: String(process.pid),
  });
  const main = join(config.root, 'apps/backend/src/main.ts');
  const role = (name: string, port: number, instance = 0): ChildSpec => ({
    role: name,
    instance,
    port: port + instance,
    args: [...ROLE_FLAGS, main, name, '--instance', String(instance)],
    environment,
    readyWithinMs: readyWithinMs(name),
    // PostgreSQL would inherit the sockets of its owner, and keep them when it is orphaned.
    ...(name === 'database' ? {} : { ports: [port + instance], overlaps: true }),
  });
  const instances = (name: keyof Config['instances']): ChildSpec[] =>
    Array.from({ length: config.instances[name] }, (_, at) => role(name, ports[name], at));
  const handsOver = (spec: ChildSpec): ChildSpec =>
    config.plantedBug === 'own-listeners' ? withoutSockets(spec) : spec;
  return {
    database: config.database.embedded ? role('database', ports.databaseInternal) : undefined,
    simulators: config.simulators ? simulatorsOf(config, environment) : undefined,
    roles: [
      ...instances('auth'),
      ...instances('worker'),
      ...instances('api'),
      ...instances('bot'),
      { ...role('gateway', ports.gateway), ports: gatewayPorts(ports), isDoor: true },
      // Two of them would tell everything twice.
      { ...role('monitor', ports.monitor), ports: monitorPorts(ports), overlaps: false },
    ].map(handsOver),
    web: webOf(config, environment),
    command: (...args) => ({ args: [main, ...args], environment }),
  };
}

/** What a drill plants: each life opens its own listener, so there is a gap between two. */
function withoutSockets(spec: ChildSpec): ChildSpec {
  return { ...spec, ports: [], overlaps: false };
}

function gatewayPorts(ports: Ports): number[] {
  return [ports.gateway, ports.gatewayInternal, ports.gatewayDiagnostics, ports.authBalancer];
}

function monitorPorts(ports: Ports): number[] {
  return [ports.monitor, ports.monitorInternal];
}

function simulatorsOf(config: Config, environment: Environment): ChildSpec {
  return {
    role: 'simulators',
    instance: 0,
    port: config.ports.simulators,
    args: [...WORLD_FLAGS, join(config.root, 'apps/simulators/src/main.ts')],
    environment: {
      ...environment,
      SIMULATORS_PORT: String(config.ports.simulators),
      SIMULATORS_HOME: join(config.home, 'simulators'),
      SIMULATORS_GATEWAY_URL: config.gatewayUrl,
      SIMULATORS_TELEGRAM_TOKEN: plain(config.telegram.token),
      SIMULATORS_TELEGRAM_CLIENT_SECRET: plain(config.telegram.oidc?.clientSecret),
      SIMULATORS_PAYMENTS: paymentKeys(config),
      SIMULATORS_REMNAWAVE_TOKEN: plain(config.remnawave.token),
      SIMULATORS_REMNAWAVE_WEBHOOK_SECRET: plain(config.remnawave.webhookSecret),
      SIMULATORS_SMTP_PORT: String(config.ports.mailbox),
      SIMULATORS_SENDGRID_KEY: plain(config.mail.simulatedSendgridKey),
    },
    readyWithinMs: readyWithinMs('simulators'),
  };
}

/** What the simulated vendors must know of us, as the JSON they read. */
function paymentKeys(config: Config): string {
  const { yookassa, tkassa, freekassa, stripe, paypal, cryptopay, tribute } = config;
  return JSON.stringify({
    yookassa: { shopId: yookassa.shopId, secretKey: plain(yookassa.secretKey) },
    tkassa: { terminalKey: tkassa.terminalKey, password: plain(tkassa.password) },
    freekassa: {
      shopId: freekassa.shopId,
      word1: plain(freekassa.word1),
      word2: plain(freekassa.word2),
      apiKey: plain(freekassa.apiKey),
    },
    stripe: { apiKey: plain(stripe.apiKey), webhookSecret: plain(stripe.webhookSecret) },
    paypal: {
      clientId: paypal.clientId,
      secret: plain(paypal.secret),
      webhookId: paypal.webhookId,
    },
    cryptopay: { token: plain(cryptopay.token) },
    tribute: { apiKey: plain(tribute.apiKey) },
  });
}

function webOf(config: Config, environment: Environment): ChildSpec | undefined {
  const script = join(config.root, 'apps/web/start.mjs');
  // An image of the back end alone has no web.
  if (!config.web || !existsSync(script)) return undefined;
  return {
    role: 'web',
    instance: 0,
    port: config.ports.web,
    args: [script],
    environment: {
      ...environment,
      PORT: String(config.ports.web),
      OPORA_ENV: config.environment,
      OPORA_GATEWAY_URL: config.gatewayUrl,
      OPORA_SITE_PASSWORD: plain(config.sitePassword),
      OPORA_HEALTH_URL: `http://127.0.0.1:${String(config.ports.monitor)}/system-health`,
    },
    readyWithinMs: readyWithinMs('web'),
    ...{ ports: [config.ports.web], overlaps: true, isDoor: true },
  };
}

/** Their own process is the one that has to know; Node leaves out what is undefined. */
function plain(secret: Secret | undefined): string | undefined {
  return secret?.reveal();
}
