import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { logFile, openLogFile, partsOf, rolesWithLogs } from './log-file.ts';
import { search } from './search.ts';
import { createTail } from './tail.ts';

let home: string;
let path: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'opora-logs-'));
  mkdirSync(join(home, 'logs'));
  path = logFile(home, 'api');
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

const kept = (): string =>
  partsOf(path)
    .map((part) => readFileSync(part, 'utf8'))
    .join('');
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${String(from + at)}`);

describe('the log file', () => {
  it('turns over at its size and keeps three older parts', () => {
    const write = openLogFile(path, 12);
    numbered(1, 6).forEach(write);
    const names = ['api.log', 'api.log.1', 'api.log.2', 'api.log.3'];
    expect(readdirSync(join(home, 'logs')).sort()).toEqual(names);
    expect(readFileSync(path, 'utf8')).toBe('line 6\n');
    expect(readFileSync(`${path}.3`, 'utf8')).toBe('line 3\n');
    expect(rolesWithLogs(home)).toEqual(['api']);
  });

  it('loses no line and no order while it turns over, also with a second writer', () => {
    const [one, other] = [openLogFile(path, 300), openLogFile(path, 300)];
    for (const [at, line] of numbered(1, 100).entries()) (at % 2 === 0 ? one : other)(line);
    expect(kept()).toBe(`${numbered(1, 100).join('\n')}\n`);
  });

  it('goes on in a new file when logrotate has moved the old one, without being told', () => {
    const write = openLogFile(path, 30);
    write('line 1');
    renameSync(path, `${path}.moved`);
    numbered(2, 4).forEach(write);
    expect(readFileSync(`${path}.moved`, 'utf8')).toBe('line 1\n');
    expect(readFileSync(path, 'utf8')).toBe('line 2\nline 3\nline 4\n');
  });

  it('knows its size again when logrotate has copied and cut it', () => {
    const write = openLogFile(path, 30);
    numbered(1, 4).forEach(write);
    copyFileSync(path, `${path}.copy`);
    truncateSync(path, 0);
    write('line 5');
    expect(partsOf(path)).toEqual([path]);
    expect(readFileSync(path, 'utf8')).toBe('line 5\n');
  });

  it('closes the gap that a kill between two renames left', () => {
    const write = openLogFile(path, 12);
    numbered(1, 3).forEach(write);
    renameSync(`${path}.1`, `${path}.2`);
    write('line 4');
    expect(kept()).toBe('line 1\nline 2\nline 3\nline 4\n'.slice('line 1\n'.length));
  });

  it('grows rather than lose a line when a part cannot be renamed', () => {
    const write = openLogFile(path, 12);
    write('line 1');
    // A folder with something in it cannot be replaced by a file.
    mkdirSync(join(`${path}.1`, 'in the way'), { recursive: true });
    mkdirSync(join(`${path}.2`, 'in the way'), { recursive: true });
    mkdirSync(join(`${path}.3`, 'in the way'), { recursive: true });
    write('line 2');
    expect(readFileSync(path, 'utf8')).toBe('line 1\nline 2\n');
  });

  it('can be followed across its rotations', () => {
    const write = openLogFile(path, 20);
    const tail = createTail(path);
    write('line 1');
    expect(tail()).toEqual(['line 1']);
    numbered(2, 3).forEach(write);
    expect(tail()).toEqual(['line 2', 'line 3']);
    write('line 4');
    expect(tail()).toEqual(['line 4']);
    truncateSync(path, 0);
    write('line 5');
    expect(tail()).toEqual(['line 5']);
    expect(tail()).toEqual([]);
  });
});

describe('the search', () => {
  const line = (fields: Record<string, unknown>): string =>
    JSON.stringify({ level: 'info', time: '2026-11-27T05:00:00.000Z', role: 'api', ...fields });

  it('finds the story of an order in all roles and parts, in the order of time', async () => {
    const [api, worker] = [openLogFile(path, 150), openLogFile(logFile(home, 'worker'))];
    api(line({ orderId: 'ord_1', msg: 'link', time: '2026-11-27T05:00:01.000Z' }));
    api(line({ orderId: 'ord_2', msg: 'of another', time: '2026-11-27T05:00:02.000Z' }));
    worker(line({ orderId: 'ord_1', msg: 'granted', time: '2026-11-27T05:00:03.000Z' }));
    api(line({ orderId: 'ord_1', msg: 'read', time: '2026-11-27T05:00:04.000Z' }));
    expect(partsOf(path).length).toBeGreaterThan(1);
    const found = await search(home, ['api', 'worker'], { ids: ['ord_1'], texts: [] });
    expect(found.map((each) => /"msg":"(\w+)"/.exec(each.line)?.[1])).toEqual([
      'link',
      'granted',
      'read',
    ]);
  });

  it('takes an id for a whole value and a text for a part, and levels by severity', async () => {
    const write = openLogFile(path);
    write(line({ personId: 'per_1', level: 'warn', msg: 'one' }));
    write(line({ personId: 'per_10', level: 'error', msg: 'two' }));
    write('Ready in 470ms');
    const texts = async (wanted: Parameters<typeof search>[2]): Promise<number> =>
      (await search(home, ['api'], wanted)).length;
    expect(await texts({ ids: ['per_1'], texts: [] })).toBe(1);
    expect(await texts({ ids: [], texts: ['per_1'] })).toBe(2);
    expect(await texts({ ids: [], texts: ['470ms'] })).toBe(1);
    expect(await texts({ ids: [], texts: [], level: 'error' })).toBe(1);
    expect(await texts({ ids: [], texts: [], level: 'info' })).toBe(2);
  });
});
