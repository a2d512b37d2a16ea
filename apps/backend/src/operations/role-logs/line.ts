/** What a child process wrote, as a line of the log: ours as it stands, the rest made into one. */

import { cut } from '../../platform/log/index.ts';

/** The fields of a line of ours; undefined: another program wrote it. */
export function parseLine(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value
      ? { ...value }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Longest line of another program; the rest of it is left out. */
const FOREIGN_MAX = 8_192;

/** A line with time, level, role, instance and text, and without what `clean` knows to be secret. */
export function asLogLine(
  line: string,
  from: Readonly<{ role: string; instance: number }>,
  about: Readonly<{ at: Date; clean: (line: string) => string; level?: string }>,
): string {
  if (about.level === undefined && parseLine(line) !== undefined) return line;
  const { role, instance } = from;
  const entry = { level: about.level ?? 'info', time: about.at.toISOString(), role, instance };
  return about.clean(JSON.stringify({ ...entry, msg: cut(line, FOREIGN_MAX) }));
}
