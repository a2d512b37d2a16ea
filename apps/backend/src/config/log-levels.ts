/** `OPORA_LOG_LEVEL`: one level for all, and others for single roles, as `info,worker=debug`. */
import { z } from 'zod';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Roles whose lines are ours; the site and the simulators decide themselves. */
export const ROLES = ['gateway', 'auth', 'api', 'bot', 'worker', 'monitor', 'database'] as const;
const FALLBACK: LogLevel = 'info';

export type LogLevels = Readonly<{
  fallback: LogLevel;
  roles: Readonly<Partial<Record<string, LogLevel>>>;
}>;

/** The setting as a checked text: it is shown and written down as it was given. */
export const logLevelText = z.string().superRefine((text, context) => {
  for (const message of read(text).faults) context.addIssue({ code: 'custom', message });
});

/** Of a text that `logLevelText` accepted. */
export function logLevels(text: string): LogLevels {
  return read(text).levels;
}

export function levelOf(levels: LogLevels, role: string): LogLevel {
  return levels.roles[role] ?? levels.fallback;
}

function read(text: string): { levels: LogLevels; faults: readonly string[] } {
  const faults: string[] = [];
  const roles: Record<string, LogLevel> = {};
  let fallback: LogLevel | undefined;
  for (const part of text.split(',').map((each) => each.trim())) {
    const [role = '', word, ...rest] = part.includes('=') ? part.split('=') : ['', part];
    const level = LOG_LEVELS.find((known) => known === word);
    const isKnown = role === '' || ROLES.some((known) => known === role);
    const isTwice = role === '' ? fallback !== undefined : Object.hasOwn(roles, role);
    if (level === undefined || rest.length > 0 || (role === '' && part.includes('='))) {
      faults.push(`${JSON.stringify(part)} is no level: ${LOG_LEVELS.join(', ')}`);
    } else if (!isKnown) faults.push(`there is no role ${role}: ${ROLES.join(', ')}`);
    else if (isTwice) faults.push(`${role === '' ? 'the level of all' : role} is said twice`);
    else if (role === '') fallback = level;
    else roles[role] = level;
  }
  return { levels: { fallback: fallback ?? FALLBACK, roles }, faults };
}
