/** Finds lines of all parts of all logs by what they are about, in the order they were written. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseLine } from './line.ts';
import { logFile, partsOf } from './log-file.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'fatal'] as const;
export type Level = (typeof LEVELS)[number];

export function isLevel(word: string): word is Level {
  return LEVELS.some((level) => level === word);
}

export type Wanted = Readonly<{
  /** Least severe level shown. */
  level?: Level;
  /** Each must be the value of some field of the line. */
  ids: readonly string[];
  /** Each must be somewhere in the line. */
  texts: readonly string[];
}>;

export type Line = Readonly<{ role: string; line: string }>;

/** Most lines of one answer: the newest ones are given. */
const FOUND_MAX = 10_000;

export function matches(line: string, wanted: Wanted): boolean {
  // Most lines are told apart without being parsed.
  if (![...wanted.texts, ...wanted.ids].every((text) => line.includes(text))) return false;
  if (wanted.level === undefined && wanted.ids.length === 0) return true;
  const fields = parseLine(line);
  if (fields === undefined) return false;
  const values = Object.values(fields);
  return isSevere(fields['level'], wanted.level) && wanted.ids.every((id) => values.includes(id));
}

/** Looks through everything that is kept of these roles; at most `FOUND_MAX` lines, the newest. */
export async function search(
  home: string,
  roles: readonly string[],
  wanted: Wanted,
): Promise<Line[]> {
  const found: Line[] = [];
  for (const role of roles) {
    for (const part of partsOf(logFile(home, role))) {
      const input = createReadStream(part);
      // A part that is numbered away in this moment is read under its next name, or not at all.
      input.on('error', () => undefined);
      for await (const line of createInterface({ input })) {
        if (matches(line, wanted)) found.push({ role, line });
      }
    }
  }
  return inOrder(found).slice(-FOUND_MAX);
}

/** By their times; lines that carry none stay before those that do. */
export function inOrder(lines: readonly Line[]): Line[] {
  return lines.toSorted((one, other) => timeOf(one.line).localeCompare(timeOf(other.line)));
}

function timeOf(line: string): string {
  return /"time":"([^"]+)"/.exec(line)?.[1] ?? '';
}

function isSevere(level: unknown, least: Level | undefined): boolean {
  if (least === undefined) return true;
  return LEVELS.findIndex((known) => known === level) >= LEVELS.indexOf(least);
}
