import { Agent, get } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../../../test/database-setup.ts';
import { inheritedEnvironment, rootFolder } from '../../config/load.ts';
import { portsFrom } from '../../config/shape.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { systemIds } from '../../platform/ids/index.ts';

import { freePortBase } from '../drills/own-platform.ts';
import { createSupervisor, SuccessorFailed, type ChildSpec } from './index.ts';

/** Real processes, real sockets, real time: the gateway itself, and small servers. */
const folder = mkdtempSync(join(tmpdir(), 'opora-handover-'));
const events: string[] = [];
let supervisor = create();

function create() {
  return createSupervisor({
    clock: systemClock,
    chance: () => 0,
    onLine: () => undefined,
    onEvent: (_child, _level, text) => events.push(text),
    onChange: () => undefined,
    onWorkerLost: () => undefined,
  });
}

afterEach(async () => {
  await supervisor.stop();
  events.length = 0;
  supervisor = create();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The public door alone: no upstream answers, its own health does. */
async function gatewaySpec(extra: Partial<ChildSpec> = {}): Promise<ChildSpec> {
  const base = await freePortBase(systemIds.chance);
  const { gateway, gatewayInternal, gatewayDiagnostics, authBalancer } = portsFrom(base);
  return {
    role: 'gateway',
    instance: 0,
    port: gateway,
    args: [join(rootFolder, 'apps/backend/src/main.ts'), 'gateway'],
    environment: inheritedEnvironment({ OPORA_HOME: folder, OPORA_PORT_BASE: String(base) }),
    readyWithinMs: 30_000,
    ports: [gateway, gatewayInternal, gatewayDiagnostics, authBalancer],
    overlaps: true,
    isDoor: true,
    ...extra,
  };
}

/** Says its process id to every caller. */
async function serverSpec(extra: Partial<ChildSpec> = {}): Promise<ChildSpec> {
  const script = join(folder, 'server.mjs');
  writeFileSync(
    script,
    `import { createServer } from 'node:http';
     const [pair] = process.env.OPORA_OPEN_SOCKETS.split(',');
     const server = createServer((_request, response) => response.end(String(process.pid)));
     server.listen({ fd: Number(pair.split('=')[1]) }, () => process.send({ type: 'ready' }));
     process.on('SIGTERM', () => server.close(() => process.exit(0)));
     process.on('disconnect', () => process.exit(0));`,
  );
  const port = await freePort();
  const environment = inheritedEnvironment();
  return {
    ...{ role: 'api', instance: 0, port, args: [script], environment, readyWithinMs: 20_000 },
    ports: [port],
    overlaps: true,
    ...extra,
  };
}

/** Status, or the code of what went wrong. */
function ask(port: number, agent: Agent | false = false): Promise<string> {
  return new Promise((resolve) => {
    const request = get({ port, path: '/health/live', agent, timeout: 20_000 }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => {
        resolve(answer.statusCode === 200 ? text : String(answer.statusCode));
      });
      answer.on('error', (error) => {
        resolve(error.name);
      });
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code ?? error.name);
    });
  });
}

/** Callers with new and with kept connections, as long as `act` lasts; what was not a 200. */
async function callDuring(port: number, act: () => Promise<void>) {
  const failures: string[] = [];
  let [isOver, calls] = [false, 0];
  const call = async (agent: Agent | false): Promise<void> => {
    while (!isOver) {
      const answer = await ask(port, agent);
      calls += 1;
      if (!answer.includes('live')) failures.push(answer);
    }
    if (agent !== false) agent.destroy();
  };
  const callers = [false as const, false as const, ...kept(4)].map(call);
  await act().finally(() => {
    isOver = true;
  });
  await Promise.all(callers);
  return { calls, failures };
}

function kept(count: number): Agent[] {
  return Array.from({ length: count }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
}

const pid = () => supervisor.status()[0]?.pid ?? 0;

describe('the gateway', { timeout: 120_000 }, () => {
  it('is restarted again and again, and no call fails', async () => {
    const spec = await gatewaySpec();
    expect(await supervisor.launch(spec)).toBe('ready');
    const pids = new Set([pid()]);
    const { calls, failures } = await callDuring(spec.port, async () => {
      for (let at = 0; at < 2; at += 1) {
        await supervisor.restart('gateway');
        pids.add(pid());
      }
    });
    expect(failures).toEqual([]);
    expect(pids.size).toBe(3);
    expect(calls).toBeGreaterThan(100);
    expect(events).toEqual([]);
  });

  it('is killed, and nobody who comes is refused', async () => {
    const spec = await gatewaySpec();
    await supervisor.launch(spec);
    const before = pid();
    process.kill(before, 'SIGKILL');
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(spec.port)));
    expect(answers.filter((answer) => !answer.includes('live'))).toEqual([]);
    expect(pid()).not.toBe(before);
  });

  it('refuses callers when it is killed and opened its listener itself', async () => {
    const { ports: _, ...own } = await gatewaySpec();
    await supervisor.launch(own);
    process.kill(pid(), 'SIGKILL');
    await expect.poll(() => ask(own.port), { timeout: 10_000 }).toBe('ECONNREFUSED');
  });
});

describe('a child with a successor', { timeout: 60_000 }, () => {
  it('serves on when the successor is no good', async () => {
    const spec = await serverSpec();
    await supervisor.launch(spec);
    const before = pid();
    writeFileSync(spec.args[0] ?? '', 'process.exit(3)');
    await expect(supervisor.restart('api')).rejects.toThrow(SuccessorFailed);
    expect(supervisor.status()[0]).toMatchObject({ state: 'ready', isRestarting: false });
    expect(await ask(spec.port)).toBe(String(before));
  });

  it('is followed at once when it dies while the successor starts', async () => {
    const spec = await serverSpec();
    await supervisor.launch(spec);
    const before = pid();
    const restarted = supervisor.restart('api');
    process.kill(before, 'SIGKILL');
    expect(await restarted).toMatchObject([{ state: 'ready', restarts: 1 }]);
    expect(await ask(spec.port)).toBe(String(pid()));
    expect(events).toEqual([]);
  });

  it('that is asked twice at once is followed once', async () => {
    await supervisor.launch(await serverSpec());
    await Promise.all([supervisor.restart('api'), supervisor.restart('api#0')]);
    expect(supervisor.status()[0]).toMatchObject({ state: 'ready', restarts: 1 });
  });

  it('refuses callers at once after a crash, so that they go to its neighbour', async () => {
    const spec = await serverSpec();
    await supervisor.launch(spec);
    process.kill(pid(), 'SIGKILL');
    await expect.poll(() => supervisor.status()[0]?.state).toBe('waiting');
    expect(await ask(spec.port)).toBe('ECONNREFUSED');
    await expect.poll(() => supervisor.status()[0]?.state, { timeout: 10_000 }).toBe('ready');
    expect(await ask(spec.port)).toBe(String(pid()));
  });

  it('leaves nobody waiting when the supervisor gave it up or stops', async () => {
    const spec = await serverSpec({ isDoor: true });
    writeFileSync(spec.args[0] ?? '', 'process.exit(78)');
    expect(await supervisor.launch(spec)).toBe('given_up');
    expect(await ask(spec.port)).toBe('ECONNREFUSED');
    const other = await serverSpec({ role: 'bot', isDoor: true });
    expect(await supervisor.launch(other)).toBe('ready');
    await supervisor.stop();
    expect(await ask(other.port)).toBe('ECONNREFUSED');
  });
});
