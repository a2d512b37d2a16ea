/**
 * Nothing secret leaves the platform: a whole run with a canary in every secret setting, sales and
 * failures, and a search of everything it wrote and answers. That the search finds something is
 * proved by leaks that the test plants itself.
 */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Secret } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inheritedEnvironment } from '../src/config/load.ts';
import { startOwnPlatform, type OwnPlatform } from '../src/operations/drills/own-platform.ts';
import { beBuyer } from '../src/operations/drills/payments/person.ts';
import type { Behaviour } from '../src/operations/drills/payments/behaviours.ts';
import {
  createSimulatedWorld,
  type SimulatedWorld,
} from '../src/operations/drills/simulated-world.ts';
import { logFile, openLogFile } from '../src/operations/role-logs/log-file.ts';
import { search } from '../src/operations/role-logs/search.ts';
import { systemClock as clock } from '../src/platform/clock/index.ts';
import { createInnerLink } from '../src/platform/http/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createLog } from '../src/platform/log/index.ts';
import { canary, findCanaries, plant, secretSettings, type Planted } from './canaries.ts';

const RUN_MAX_MS = 120_000;
const WAIT_MAX_MS = 40_000;
const LOOK_EVERY_MS = 100;

/** What every line has, and the ids this test looks at. */
const ofLine = z.looseObject({
  time: z.iso.datetime(),
  level: z.enum(['debug', 'info', 'warn', 'error', 'fatal']),
  role: z.string().regex(/^[a-z]+$/),
  instance: z.int().nonnegative(),
  msg: z.string(),
  orderId: z.string().optional(),
  personId: z.string().optional(),
  fact: z.string().optional(),
  job: z.string().optional(),
});

const stopping = new AbortController();
/** What a customer brings along; all of it is somebody's own business. */
const customer = {
  name: `Ольга${canary(18)}`,
  email: `${canary(20)}@example.com`,
  cookie: canary(),
  bearer: canary(),
  query: canary(),
};

let platform: OwnPlatform;
let planted: Planted;
let world: SimulatedWorld;
let outputs: Map<string, string>;
let canaries: Map<string, string>;

beforeAll(async () => {
  platform = await startOwnPlatform({
    clock,
    chance: systemIds.chance,
    keep: false,
    settings: (ports) => {
      planted = plant(ports);
      return { ...planted.settings, OPORA_LOG_LEVEL: 'debug' };
    },
  });
  world = createSimulatedWorld(address('simulators'));
  await sellWithFailures();
  await knockWithWrongKeys();
  outputs = await collect();
  canaries = new Map([...planted.canaries, ...Object.entries(customer)]);
  for (const [at, user] of (await world.panelUsers()).entries()) {
    canaries.set(`subscription link ${String(at)}`, user.shortUuid);
  }
}, RUN_MAX_MS);

afterAll(async () => {
  stopping.abort();
  await platform.end();
});

describe('what the platform writes and answers', () => {
  it('comes of a whole sale with its failures, and has a canary for every secret', () => {
    expect([...planted.canaries.keys()]).toEqual(secretSettings());
    expect(canaries.has('subscription link 0')).toBe(true);
    for (const name of ['up.log', 'api.log', 'worker.log', 'bot.log', 'gateway.log']) {
      expect(outputs.get(name), name).toMatch(/./);
    }
    expect(outputs.get('metrics of api')).toContain('http_requests_total');
    expect(outputs.get('system health')).toContain('"services"');
    expect(outputs.get('opora status')).toContain('"children"');
    expect(outputs.get('opora config')).toMatch(/YOOKASSA_SECRET_KEY +set/);
    const said = [...outputs.values()].join('\n');
    for (const fact of ['payment.settled', 'access.delivered', 'job will run again']) {
      expect(said).toContain(fact);
    }
  });

  it('shows no secret and nothing of the customer', () => {
    expect(findCanaries(canaries, outputs)).toEqual([]);
  });

  it('would not hide a leak: each canary is found in each output', () => {
    for (const [output, text] of outputs) {
      const middle = Math.floor(text.length / 2);
      for (const [name, value] of canaries) {
        const leaking = `${text.slice(0, middle)} ${value} ${text.slice(middle)}`;
        const found = findCanaries(canaries, new Map([[output, leaking]]));
        expect(found).toEqual([`${name} in ${output}`]);
      }
    }
  });

  it('would not hide a leak: a careless line in a log is found where it is', async () => {
    const file = openLogFile(logFile(platform.config.home, 'api'));
    // Without the configuration's values its log knows forms only, and this has none.
    const careless = createLog({ level: 'info', role: 'api', write: (line) => file(line.trim()) });
    careless.info({ note: planted.canaries.get('REMNAWAVE_TOKEN') }, 'asking the panel');
    careless.info(`welcome, ${customer.name}`);
    const found = findCanaries(canaries, await collect());
    expect(found).toEqual([
      'REMNAWAVE_TOKEN in api.log',
      'REMNAWAVE_TOKEN in opora logs',
      'name in api.log',
      'name in opora logs',
    ]);
  });
});

describe('the log of the whole platform', () => {
  it('has time, level, role, instance and text in every line of every role', () => {
    for (const [name, text] of outputs) {
      if (!name.endsWith('.log') || name === 'up.log') continue;
      for (const line of text.trim().split('\n')) {
        expect(ofLine.safeParse(JSON.parse(line)).success, line).toBe(true);
      }
    }
  });

  it('tells the story of an order and of its person, across roles', async () => {
    const { home } = platform.config;
    const [settled] = await search(home, ['worker'], { ids: ['payment.settled'], texts: [] });
    const { orderId = '', personId = '' } = ofLine.parse(JSON.parse(settled?.line ?? ''));
    const story = await opora('logs', '--json', '--order', orderId, '--level', 'info');
    const lines = story.trim().split('\n');
    const told = lines.map((line) => ofLine.parse(JSON.parse(line)));
    expect(told[0]).toMatchObject({ role: 'bot', personId, msg: 'a link to pay was given' });
    expect(told.flatMap(({ fact }) => fact ?? [])).toEqual([
      'payment.settled',
      'subscription.extended',
      'access.delivered',
    ]);
    expect(told.map(({ job }) => job)).toContain('subscriptions.extend');
    const ofPerson = await opora('logs', '--json', '--person', personId);
    expect(ofPerson).toMatch(/"job":"messaging.send"/);
    expect(ofPerson).toMatch(/"updateId":"\d+"/);
  });

  it('goes on after logrotate has moved a file and sent SIGHUP', async () => {
    const path = logFile(platform.config.home, 'api');
    const { pid } = await platform.status();
    renameSync(path, `${path}.moved`);
    process.kill(pid, 'SIGHUP');
    const id = `req_${canary(26)}`;
    const keys = () => new Secret(planted.settings['SERVICE_KEYS'] ?? '');
    const gateway = createInnerLink({ role: 'gateway', keys, clock });
    await fetch(`${address('api')}/api/v1/product`, {
      headers: {
        'x-request-id': id,
        'x-opora-inner': gateway.tokenFor('api'),
      },
    });
    await until(() => readText(path).includes(id), 'the line of a request after the rotation');
    expect((await platform.status()).ready).toBe(true);
  });
});

async function sellWithFailures(): Promise<void> {
  await buy('forged');
  await buy('declines');
  await world.setFault({ target: 'telegram', kind: 'error', probability: 0.2 }, 1);
  await world.setFault({ target: 'remnawave', kind: 'error', probability: 1 }, 2);
  await buy('pays');
  await until(() => logs('worker').includes('job will run again'), 'the panel to be missed');
  await world.clearFaults();
  await until(async () => (await world.panelUsers()).length === 2, 'both accounts');
  await until(() => logs('worker').split('"access.delivered"').length > 2, 'both deliveries');
}

async function buy(behaviour: Behaviour): Promise<void> {
  const office = { giveBack: () => Promise.resolve(false) };
  const buyer = { world, clock, office, paid: () => undefined, stopping: stopping.signal };
  const plan = {
    ...({ behaviour, provider: 'yookassa', language: 'ru' } as const),
    ...({ terms: [0, 0], hesitation: 0, resends: 0 } as const),
  };
  const { inVain } = await beBuyer(buyer, plan, customer.name);
  expect(inVain).toEqual([]);
}

/** Every door, with credentials that are wrong and a body that is somebody's. */
async function knockWithWrongKeys(): Promise<void> {
  const gateway = address('gateway');
  const headers = {
    authorization: `Bearer ${customer.bearer}`,
    cookie: `opora_access=${customer.cookie}`,
    'content-type': 'application/json',
    'x-telegram-bot-api-secret-token': customer.bearer,
    'x-remnawave-signature': customer.bearer,
  };
  const body = JSON.stringify({ email: customer.email, name: customer.name, event: 'x' });
  const doors = ['payments/yookassa', 'payments/unknown', 'telegram/7000000001', 'remnawave'];
  for (const door of doors.map((name) => `/webhooks/${name}`)) {
    await fetch(`${gateway}${door}?token=${customer.query}`, { method: 'POST', headers, body });
    await fetch(`${gateway}${door}`, { method: 'POST', headers, body: body.slice(1) });
  }
  for (const path of ['/api/v1/me/subscriptions', '/auth/me', '/auth/refresh', '/nowhere']) {
    await fetch(`${gateway}${path}?token=${customer.query}`, { headers });
    await fetch(`${gateway}${path}?token=${customer.query}`, { method: 'POST', headers, body });
  }
  await fetch(`${address('monitor')}/services/api/restart`, { method: 'POST', headers });
}

/** All that anybody outside the processes can read. */
async function collect(): Promise<Map<string, string>> {
  const { config } = platform;
  const found = new Map<string, string>();
  found.set('up.log', readText(join(config.home, 'up.log')));
  for (const name of readdirSync(join(config.home, 'logs'))) {
    found.set(name, readText(join(config.home, 'logs', name)));
  }
  const metrics = { api: 'api', bot: 'bot', worker: 'worker', gateway: 'gatewayInternal' } as const;
  const others = { monitor: 'monitorInternal', database: 'databaseInternal' } as const;
  for (const [role, port] of Object.entries({ ...metrics, ...others })) {
    found.set(`metrics of ${role}`, await text(`${address(port)}/metrics`));
    found.set(`readiness of ${role}`, await text(`${address(port)}/health/ready`));
  }
  found.set('health', await text(`${address('gateway')}/health`));
  found.set('diagnostics', await text(`${address('gatewayDiagnostics')}/health`));
  found.set('system health', await text(`${address('monitor')}/system-health`));
  found.set('opora status', await opora('status', '--json'));
  found.set('opora config', await opora('config'));
  found.set('opora logs', await opora('logs', '--level', 'debug'));
  return found;
}

async function opora(...args: string[]): Promise<string> {
  const { home, root } = platform.config;
  const env = inheritedEnvironment({
    ...planted.settings,
    // The command only reads: here the settings may have their own names too.
    DATABASE_URL: planted.settings['LOCAL_DATABASE_URL'],
    OPORA_HOME: home,
  });
  const main = join(root, 'apps/backend/src/main.ts');
  const told = await promisify(execFile)(process.execPath, [main, ...args], {
    env,
    maxBuffer: 64 * 1024 * 1024,
  });
  return told.stdout + told.stderr;
}

async function text(url: string): Promise<string> {
  return await (await fetch(url)).text();
}

function address(port: keyof OwnPlatform['config']['ports']): string {
  return `http://127.0.0.1:${String(platform.config.ports[port])}`;
}

function logs(role: string): string {
  return readText(logFile(platform.config.home, role));
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function until(isTrue: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const sinceMs = clock.monotonicMs();
  while (!(await isTrue())) {
    if (clock.monotonicMs() - sinceMs > WAIT_MAX_MS) throw new Error(`waited in vain for ${what}`);
    await clock.sleep(LOOK_EVERY_MS);
  }
}
