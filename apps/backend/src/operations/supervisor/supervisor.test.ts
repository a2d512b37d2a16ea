import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { inheritedEnvironment } from '../../config/load.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { createSupervisor, type ChildSpec } from './index.ts';

/** Real processes and real time; the smallest chance keeps the waits short. */
const folder = mkdtempSync(join(tmpdir(), 'opora-supervisor-'));
const lines: string[] = [];
const events: string[] = [];
const lost: string[] = [];
const changes: string[] = [];
let supervisor = create();

function create() {
  return createSupervisor({
    clock: systemClock,
    chance: () => 0,
    onLine: (child, line) => lines.push(`${child.role}#${String(child.instance)} ${line}`),
    onEvent: (child, level, text) => events.push(`${child.role} ${level} ${text}`),
    onChange: (child) => changes.push(child.role),
    onWorkerLost: (_child, pools) => lost.push(...pools),
  });
}

function spec(role: string, source: string, extra: Partial<ChildSpec> = {}): ChildSpec {
  const script = join(folder, `${role}.mjs`);
  writeFileSync(script, source);
  const environment = inheritedEnvironment();
  return {
    ...{ role, instance: 0, port: 1, args: [script], environment, readyWithinMs: 20_000 },
    ...extra,
  };
}

const SERVES = `
  process.on('disconnect', () => process.exit(0));
  process.on('SIGTERM', () => { console.log('leaving'); process.exit(0); });
  process.send({ type: 'worker-pool', id: 'pool-' + process.pid });
  process.send({ type: 'ready' });
`;

const statusOf = (name: string) => supervisor.status().find((child) => child.name === name);

afterEach(async () => {
  await supervisor.stop();
  for (const list of [lines, events, lost, changes]) list.length = 0;
  supervisor = create();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the supervisor', { timeout: 40_000 }, () => {
  it('starts a killed child again and reports the pools of jobs it held', async () => {
    expect(await supervisor.launch(spec('worker', SERVES))).toBe('ready');
    const { pid = 0 } = statusOf('worker#0') ?? {};
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => statusOf('worker#0')?.restarts, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => statusOf('worker#0')?.state, { timeout: 10_000 }).toBe('ready');
    expect(lost).toEqual([`pool-${String(pid)}`]);
    expect(events).toEqual(['worker warn ended with SIGKILL; starts again in 150 ms']);
  });

  it('gives up at once on a child that calls its configuration wrong', async () => {
    const outcome = await supervisor.launch(spec('api', 'process.exit(78)'));
    expect(outcome).toBe('given_up');
    expect(events[0]).toMatch(/^api error GAVE UP after exit code 78/);
  });

  it('tells each change at once, and how the last lives ended', async () => {
    await supervisor.launch(spec('api', SERVES));
    expect(changes).toEqual(['api', 'api']);
    expect(supervisor.replace('api#0')).toBe(true);
    await expect.poll(() => statusOf('api#0')?.restarts, { timeout: 10_000 }).toBe(1);
    expect(changes.length).toBeGreaterThan(2);
    await expect.poll(() => statusOf('api#0')?.state, { timeout: 10_000 }).toBe('ready');
    await supervisor.restart('api#0');
    expect(statusOf('api#0')?.ends).toMatchObject([
      { words: 'SIGKILL', isAsked: false, isForeign: false },
      { words: 'exit code 0', isAsked: true, isForeign: false },
    ]);
    expect(supervisor.replace('nobody#0')).toBe(false);
  });

  it('does not count against a child that its dependency is away', async () => {
    void supervisor.launch(spec('worker', 'process.exit(75)'));
    await expect.poll(() => events.length, { timeout: 30_000 }).toBeGreaterThan(6);
    const words = 'worker warn ended with exit code 75; starts again in 500 ms';
    expect(new Set(events)).toEqual(new Set([words]));
  });

  it('kills a child that is not ready in time', async () => {
    const hangs = spec('api', 'setInterval(() => {}, 1e6)', { readyWithinMs: 50 });
    void supervisor.launch(hangs);
    await expect.poll(() => events.length, { timeout: 10_000 }).toBeGreaterThan(1);
    expect(events.slice(0, 2)).toEqual([
      'api error was not ready in time',
      'api warn ended with SIGKILL; starts again in 150 ms',
    ]);
  });

  it('restarts all instances of a role one after the other, with a clean record', async () => {
    await supervisor.launch(spec('api', SERVES));
    await supervisor.launch(spec('api', SERVES, { instance: 1 }));
    const before = supervisor.status().map((child) => child.pid);
    const after = await supervisor.restart('api');
    expect(after.map((child) => child.state)).toEqual(['ready', 'ready']);
    expect(after.map((child) => child.pid)).not.toEqual(before);
    expect((await supervisor.restart('api#1')).map((child) => child.name)).toEqual(['api#1']);
    expect(await supervisor.restart('nobody')).toEqual([]);
    expect(events).toEqual([]);
  });

  it('brings a given-up child back when it is restarted by hand', async () => {
    const broken = spec('bot', 'process.exit(64)');
    await supervisor.launch(broken);
    spec('bot', SERVES);
    expect(await supervisor.restart('bot')).toMatchObject([{ state: 'ready' }]);
  });

  it('ends the doors first and what they stand on last', async () => {
    for (const role of ['database', 'worker', 'gateway', 'web']) {
      await supervisor.launch(spec(role, SERVES));
    }
    await supervisor.stop();
    expect(lines.map((line) => line.split('#')[0])).toEqual([
      'web',
      'gateway',
      'worker',
      'database',
    ]);
    expect(await supervisor.launch(spec('late', SERVES))).toBe('stopped');
  });

  it('retires one of two for good', async () => {
    await supervisor.launch(spec('api', SERVES));
    await supervisor.launch(spec('api', SERVES, { instance: 1 }));
    await supervisor.retire('api#1');
    expect(supervisor.status().map(({ name, state }) => [name, state])).toEqual([
      ['api#0', 'ready'],
    ]);
    expect(events).toEqual([]);
  });

  it('signals the ready children of a role, and no other', async () => {
    const hears = `process.on('SIGHUP', () => console.log('heard')); ${SERVES}`;
    await supervisor.launch(spec('gateway', hears));
    await supervisor.launch(spec('api', SERVES));
    supervisor.signal('gateway', 'SIGHUP');
    await expect.poll(() => lines, { timeout: 10_000 }).toEqual(['gateway#0 heard']);
    expect(statusOf('api#0')?.state).toBe('ready');
  });

  it('runs a program to its end and answers its exit code', async () => {
    const said: string[] = [];
    const program = spec('task', 'console.log("done"); process.exitCode = 3');
    expect(await supervisor.run(program, (line) => said.push(line))).toBe(3);
    expect(said).toEqual(['done']);
  });
});
