/** What the figures are made of: this machine, the roles' numbers, counters. */
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { service } from '../testing/world.ts';
import { watchMachine, type Machine } from './machine.ts';
import { watchServices } from './services.ts';
import { createShare } from './share.ts';

const MEMINFO = 'MemTotal:       1000 kB\nMemFree:  10 kB\nMemAvailable:   250 kB\n';

function machineOf(files: Readonly<Record<string, string>>, given: Partial<Machine> = {}): Machine {
  return {
    spaceAt: (path) =>
      Promise.resolve({ freeBytes: 1, freeShare: path === '/a' ? 0.5 : 0.1, device: 1 }),
    readText: (path) =>
      files[path] === undefined ? Promise.reject(new Error(path)) : Promise.resolve(files[path]),
    processors: () => ({ busy: 0, all: 0 }),
    ...given,
  };
}

const valuesOf = async (source: ReturnType<typeof watchMachine>) =>
  Object.fromEntries(
    (await source.read()).map(({ watch, name, value }) => [`${watch} ${name}`, value]),
  );

describe('the machine', () => {
  it('is its disks, each told of once, its memory and its processors', async () => {
    const clock = createManualClock();
    const times = [
      { busy: 100, all: 1_000 },
      { busy: 700, all: 2_000 },
    ];
    const machine = machineOf(
      { '/proc/meminfo': MEMINFO },
      { processors: () => times.shift() ?? { busy: 0, all: 0 } },
    );
    const source = watchMachine({ folders: ['/a', '/a/data'], clock, machine });
    expect(await valuesOf(source)).toEqual({
      'disk /a': 50,
      'memory machine': 75,
      'cpu machine': Number.NaN,
    });
    await clock.advance(5_000);
    expect(await valuesOf(source)).toMatchObject({ 'cpu machine': 60 });
  });

  it('is the container where that has limits of its own', async () => {
    const clock = createManualClock();
    const files: Record<string, string> = {
      '/proc/meminfo': MEMINFO,
      '/sys/fs/cgroup/memory.max': '1000\n',
      '/sys/fs/cgroup/memory.current': '600\n',
      '/sys/fs/cgroup/memory.stat': 'anon 400\ninactive_file 100\n',
      '/sys/fs/cgroup/cpu.max': '200000 100000\n',
      '/sys/fs/cgroup/cpu.stat': 'usage_usec 0\n',
    };
    const source = watchMachine({ folders: [], clock, machine: machineOf(files) });
    expect(await valuesOf(source)).toMatchObject({ 'memory machine': 50 });
    await clock.advance(5_000);
    // Nine seconds of the ten that two processors have in five.
    files['/sys/fs/cgroup/cpu.stat'] = 'usage_usec 9000000\n';
    expect(await valuesOf(source)).toMatchObject({ 'cpu machine': 90 });
  });

  it('says nothing where nothing can be read', async () => {
    const spaceAt = () => Promise.reject(new Error('gone'));
    const machine = machineOf({}, { spaceAt });
    const source = watchMachine({ folders: ['/a'], clock: createManualClock(), machine });
    expect(await valuesOf(source)).toMatchObject({
      'disk /a': undefined,
      'memory machine': undefined,
    });
  });
});

describe('the numbers of the roles', () => {
  function stage() {
    const clock = createManualClock();
    const [gateway, one, other] = [createMetrics(), createMetrics(), createMetrics()];
    const texts = new Map([
      ['gateway#0', gateway],
      ['worker#0', one],
      ['worker#1', other],
    ]);
    const source = watchServices({
      services: [service('gateway'), service('worker'), service('worker', 1), service('api')],
      readMetrics: ({ name }) =>
        name === 'api#0'
          ? Promise.reject(new Error('away'))
          : Promise.resolve(texts.get(name)?.text() ?? ''),
      clock,
    });
    const find = async (watch: string, name: string) =>
      (await source.read()).find((each) => each.watch === watch && each.name === name)?.value;
    return { clock, gateway, one, other, source, find };
  }

  it('say version, memory, loop and pool of each process', async () => {
    const { one, source, find } = stage();
    one.gauge('build_info', 'What.', ['version']).cell('1.2.3').set(1);
    one
      .gauge('process_resident_memory_bytes', 'Memory.')
      .cell()
      .set(300 * 1024 * 1024);
    one.gauge('event_loop_delay_p99_seconds', 'Late.').cell().set(0.25);
    for (const [name, value] of Object.entries({ connections: 4, idle: 1, waiting: 7, max: 10 })) {
      one.gauge(`db_pool_${name}`, 'Pool.').cell().set(value);
    }
    expect(await find('resident', 'worker#0')).toBe(300);
    expect(await find('loop', 'worker#0')).toBe(250);
    expect(await find('pool', 'worker#0')).toBe(100);
    expect([...source.versions]).toEqual([['worker#0', '1.2.3']]);
    expect(await find('resident', 'api#0')).toBeUndefined();
  });

  it('say who outside is away for any process; of our own the monitor knows by looking', async () => {
    const { one, other, source, find } = stage();
    const [here, there] = [one, other].map((metrics) =>
      metrics.gauge('breaker_state', 'State.', ['dependency']),
    );
    for (const ours of ['database', 'redis', 'api-0', 'alerts-1']) here?.cell(ours).set(2);
    here?.cell('panel').set(0);
    there?.cell('panel').set(1);
    expect(await find('away', 'panel')).toBe(1);
    there?.cell('panel').set(0);
    expect(await find('away', 'panel')).toBe(0);
    expect((await source.read()).filter(({ watch }) => watch === 'away')).toHaveLength(1);
  });

  it('are the worst that any worker knows, and unknown when none does', async () => {
    const { one, other, find } = stage();
    const [here, there] = [one, other].map((metrics) =>
      metrics.gauge('jobs_oldest_due_seconds', 'Age.', ['class']).cell('payments'),
    );
    here?.set(5);
    there?.set(Number.NaN);
    expect(await find('queue', 'payments')).toBe(5);
    there?.set(80);
    expect(await find('queue', 'payments')).toBe(80);
    here?.set(Number.NaN);
    there?.set(Number.NaN);
    expect(await find('queue', 'payments')).toBeUndefined();
  });

  it('are shares of what the gateway passed on lately', async () => {
    const { clock, gateway, find } = stage();
    const answers = gateway.counter('gateway_answers_total', 'Answers.', ['upstream', 'status']);
    const seconds = gateway.histogram('gateway_answer_seconds', 'Time.', ['upstream']);
    answers.cell('api', '2xx').add(1_000);
    answers.cell('api', '5xx').add(900);
    expect(await find('errors', 'api')).toBe(0);
    await clock.advance(30_000);
    answers.cell('api', '2xx').add(80);
    answers.cell('api', '5xx').add(20);
    for (let times = 0; times < 100; times += 1) seconds.cell('api').observe(times < 10 ? 3 : 0.1);
    expect(await find('errors', 'api')).toBe(20);
    expect(await find('late', 'api')).toBe(10);
  });
});

describe('a share', () => {
  it('forgets what is older than two minutes, and a life before this one', () => {
    const share = createShare();
    share.add({ atMs: 0, all: 0, bad: 0 });
    expect(share.add({ atMs: 30_000, all: 100, bad: 10 })).toBe(10);
    expect(share.add({ atMs: 60_000, all: 200, bad: 10 })).toBe(5);
    expect(share.add({ atMs: 180_000, all: 300, bad: 10 })).toBe(0);
    expect(share.add({ atMs: 210_000, all: 50, bad: 50 })).toBe(0);
    expect(share.add({ atMs: 240_000, all: 100, bad: 100 })).toBe(100);
  });

  it('of a few calls is none', () => {
    const share = createShare();
    share.add({ atMs: 0, all: 0, bad: 0 });
    expect(share.add({ atMs: 30_000, all: 4, bad: 4 })).toBe(0);
  });
});
