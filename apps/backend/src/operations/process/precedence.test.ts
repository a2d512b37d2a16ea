import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { getPriority } from 'node:os';
import { expect, it } from 'vitest';
import { systemClock } from '../../platform/clock/index.ts';
import { giveWay, nicenessOf } from './precedence.ts';

it('lets the door go first, then sessions, then work, then what can wait', () => {
  const order = ['gateway', 'database', 'auth', 'api', 'bot', 'worker'].map(nicenessOf);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(new Set(order).size).toBe(order.length);
  // Whoever is missing in the table is ordinary work.
  expect(nicenessOf('newcomer')).toBe(nicenessOf('bot'));
});

it('is what the system then knows of a process', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { detached: true });
  try {
    await giveWay(child.pid ?? 0, 3, systemClock);
    expect(getPriority(child.pid)).toBe(Math.min(19, getPriority() + 3));
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

it('is no fault where a process is gone already', async () => {
  await expect(giveWay(2 ** 22, 3, systemClock)).resolves.toBeUndefined();
});
