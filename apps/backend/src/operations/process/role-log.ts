import { levelOf } from '../../config/log-levels.ts';
import { secretValues, type Config } from '../../config/shape.ts';
import { createLog, type Log, type LogOptions } from '../../platform/log/index.ts';

/** The log of a role or a command as the configuration wants it, deaf to its secrets. */
export function createRoleLog(
  config: Config,
  role: string,
  rest: Pick<LogOptions, 'instance' | 'write'> = {},
): Log {
  const level = levelOf(config.logLevels, role);
  return createLog({ ...rest, level, role, secrets: secretValues(config) });
}
