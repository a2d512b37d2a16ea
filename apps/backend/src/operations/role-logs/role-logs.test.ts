import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openLogFile } from './log-file.ts';
import { plain, present } from './present.ts';

const at = new Date(2026, 10, 21, 12, 1, 2);

describe('a line on the terminal', () => {
  it('shows time, role, level, text and fields', () => {
    const line = JSON.stringify({
      ...{ level: 'info', time: at.toISOString(), role: 'api', msg: 'listening' },
      ...{ port: 5100, note: 'two words' },
    });
    expect(present(line, { name: 'api#0', at: new Date(0), paint: plain })).toBe(
      '12:01:02 api#0        info listening port=5100 note="two words"',
    );
  });

  it('passes on what is not a line of ours', () => {
    expect(present('Ready in 470ms', { name: 'web#0', at: at, paint: plain })).toBe(
      '12:01:02 web#0        Ready in 470ms',
    );
    expect(present('{broken', { name: 'web#0', at: at, paint: plain })).toBe(
      '12:01:02 web#0        {broken',
    );
  });

  it('puts the stack of an error below the line', () => {
    const line = JSON.stringify({
      ...{ level: 'error', time: at.toISOString(), msg: 'failed' },
      error: { message: 'no', stack: 'Error: no\n    at work (main.ts:1:1)' },
    });
    expect(present(line, { name: 'worker#1', at: at, paint: plain })).toBe(
      '12:01:02 worker#1     error failed\n    Error: no\n    at work (main.ts:1:1)',
    );
  });
});

describe('the log file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'opora-logs-'));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('turns over at its size and keeps three older parts', () => {
    const write = openLogFile(join(folder, 'api.log'), 12);
    for (let number = 1; number <= 6; number += 1) write(`line ${String(number)}`);
    expect(readdirSync(folder).sort()).toEqual(['api.log', 'api.log.1', 'api.log.2', 'api.log.3']);
    expect(readFileSync(join(folder, 'api.log'), 'utf8')).toBe('line 6\n');
    expect(readFileSync(join(folder, 'api.log.3'), 'utf8')).toBe('line 3\n');
  });
});
