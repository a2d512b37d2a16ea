import { describe, expect, it } from 'vitest';
import { ConfigurationInvalid, loadConfig } from './load.ts';
import { levelOf, logLevels } from './log-levels.ts';

describe('the levels of the log', () => {
  it('are one for all and others for single roles, in any order', () => {
    const levels = logLevels('worker=debug, warn ,gateway=error');
    const found = ['worker', 'gateway', 'api', 'migrate'].map((role) => levelOf(levels, role));
    expect(found).toEqual(['debug', 'error', 'warn', 'warn']);
  });

  it('are info where nothing is said', () => {
    expect(levelOf(logLevels('worker=debug'), 'api')).toBe('info');
    expect(levelOf(loadConfig({ OPORA_HOME: '/nowhere' }).logLevels, 'api')).toBe('info');
  });

  it.each([
    ['loud', '"loud" is no level: debug, info, warn, error'],
    ['info,', '"" is no level'],
    ['=info', '"=info" is no level'],
    ['api=info=warn', '"api=info=warn" is no level'],
    ['info,simulators=debug', 'there is no role simulators: gateway, auth, api, bot, worker'],
    ['info,warn', 'the level of all is said twice'],
    ['api=info,api=warn', 'api is said twice'],
  ])('stop the start when they are wrong, and say how: %s', (text, fault) => {
    const load = (): unknown => loadConfig({ OPORA_HOME: '/nowhere', OPORA_LOG_LEVEL: text });
    expect(load).toThrow(ConfigurationInvalid);
    expect(load).toThrow(fault);
  });
});
