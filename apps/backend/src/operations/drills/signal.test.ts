import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { signal } from './signal.ts';

const start = () => spawn('sleep', ['60'], { stdio: 'ignore' });

it('reaches those that are there, though one before them has ended', async () => {
  const [gone, there] = [start(), start()];
  gone.kill('SIGKILL');
  await once(gone, 'exit');
  const ended = once(there, 'exit');
  signal([gone.pid ?? 0, there.pid ?? 0], 'SIGTERM');
  expect(await ended).toEqual([null, 'SIGTERM']);
});

it('says so when it is not allowed, or not a signal', () => {
  const there = start();
  expect(() => {
    signal([there.pid ?? 0], 'SIGNOTHING' as NodeJS.Signals); // what a typing mistake would pass
  }).toThrow('Unknown signal');
  there.kill('SIGKILL');
});
