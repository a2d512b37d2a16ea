import { describe, expect, it } from 'vitest';
import { redact } from '../../platform/log/index.ts';
import { asLogLine } from './line.ts';
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

describe('a line of a child process', () => {
  const about = { at, clean: redact };

  it('stays as it is when it is one of ours', () => {
    const ours = JSON.stringify({ level: 'info', time: at.toISOString(), msg: 'x' });
    expect(asLogLine(ours, { role: 'api', instance: 0 }, about)).toBe(ours);
  });

  it('gets time, level, role and instance, and loses its secrets, when it is not', () => {
    const line = asLogLine('failed at Bearer canarycanary', { role: 'web', instance: 2 }, about);
    expect(JSON.parse(line)).toEqual({
      ...{ level: 'info', time: at.toISOString(), role: 'web', instance: 2 },
      msg: 'failed at Bearer [redacted]',
    });
  });
});
