import { describe, expect, it } from 'vitest';
import { findCanaries, plant, secretSettings } from '../../../test/canaries.ts';
import { loadConfig } from '../../config/load.ts';
import { portsFrom } from '../../config/shape.ts';
import { createRoleLog } from './role-log.ts';

describe("a role's log", () => {
  it('shows the value of no secret setting, whatever writes it and wherever it stands', () => {
    const { canaries, settings } = plant(portsFrom(5000));
    const config = loadConfig({ ...settings, OPORA_HOME: '/nowhere' });
    const lines: string[] = [];
    const log = createRoleLog(config, 'api', { write: (line) => lines.push(line) });
    expect([...canaries.keys()]).toEqual(secretSettings());
    for (const value of canaries.values()) {
      log.info({ note: value, list: [`(${value})`] }, `said ${value}, and again: ${value}`);
      log.error({ err: new Error('failed', { cause: new Error(`at ${value}!`) }) }, 'failed');
    }
    expect(lines).toHaveLength(2 * canaries.size);
    expect(
      findCanaries(canaries, new Map(lines.entries().map(([at, line]) => [String(at), line]))),
    ).toEqual([]);
  });

  it('has the level of its role', () => {
    const config = loadConfig({ OPORA_HOME: '/nowhere', OPORA_LOG_LEVEL: 'warn,worker=debug' });
    const levels = ['worker', 'api'].map((role) => createRoleLog(config, role).level);
    expect(levels).toEqual(['debug', 'warn']);
  });
});
