import { levelOf, ROLES } from '../../config/log-levels.ts';
import { secretValues, type Config } from '../../config/shape.ts';
import { createLog, type Log, type LogOptions } from '../../platform/log/index.ts';

/**
 * The log of a role or a command as the configuration wants it, deaf to its secrets. The standard
 * output of a command is its answer, so its log goes beside.
 */
export function createRoleLog(
  config: Config,
  role: string,
  rest: Pick<LogOptions, 'instance' | 'write'> = {},
): Log {
  const level = levelOf(config.logLevels, role);
  const isRole = ROLES.some((name) => name === role);
  const given = isRole ? rest : { write: beside, ...rest };
  return createLog({ ...given, level, role, secrets: secretValues(config) });
}

function beside(line: string): void {
  process.stderr.write(line);
}
