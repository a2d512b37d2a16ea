import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  AlreadyRunning,
  askSupervisor,
  controlSocketPath,
  NotRunning,
  openControl,
  watchSupervisor,
  type ControlAnswer,
  type ControlRequest,
} from './index.ts';

const home = mkdtempSync(join(tmpdir(), 'opora-control-'));
const seen: ControlRequest[] = [];
const answer = (request: ControlRequest): Promise<ControlAnswer> => {
  seen.push(request);
  return Promise.resolve({ ok: true, pid: 7, ready: true, children: [] });
};

afterEach(() => {
  seen.length = 0;
  rmSync(controlSocketPath(home), { force: true });
});

describe('the control socket', () => {
  it('answers what is asked', async () => {
    const control = await openControl(home, answer);
    const request = { command: 'restart', name: 'api#1' } as const;
    expect(await askSupervisor(home, request)).toMatchObject({ ok: true, pid: 7 });
    expect(seen).toEqual([request]);
    await control.close();
  });

  it('goes on answering whoever watches, at every change', async () => {
    const control = await openControl(home, answer);
    const leaving = new AbortController();
    const told: ControlAnswer[] = [];
    const watching = watchSupervisor(home, (one) => told.push(one), leaving.signal);
    await expect.poll(() => told.length).toBe(1);
    control.changed();
    await expect.poll(() => told.length).toBe(2);
    leaving.abort();
    await watching;
    control.changed();
    await control.close();
    await expect(watchSupervisor(home, () => undefined, leaving.signal)).resolves.toBeUndefined();
    const alone = new AbortController().signal;
    await expect(watchSupervisor(home, () => undefined, alone)).rejects.toThrow(NotRunning);
  });

  it('belongs to one supervisor at a time', async () => {
    const control = await openControl(home, answer);
    await expect(openControl(home, answer)).rejects.toThrow(AlreadyRunning);
    await control.close();
    await expect(askSupervisor(home, { command: 'status' })).rejects.toThrow(NotRunning);
  });

  it('is taken over from a supervisor that was killed', async () => {
    writeFileSync(controlSocketPath(home), '');
    const control = await openControl(home, answer);
    expect((await askSupervisor(home, { command: 'status' })).ready).toBe(true);
    await control.close();
  });

  it('hangs up on what it does not understand', async () => {
    const control = await openControl(home, answer);
    const socket = connect(controlSocketPath(home));
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined).write('{"command":"explode"}\n');
    await closed;
    expect(seen).toEqual([]);
    await control.close();
  });

  it('moves to a short path when the home is too deep for a socket', () => {
    const deep = join('/', 'd'.repeat(120));
    expect(controlSocketPath(deep)).not.toContain(deep);
    expect(Buffer.byteLength(controlSocketPath(deep))).toBeLessThan(100);
  });
});
