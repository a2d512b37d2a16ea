/** What every full check saw, one JSON line each, in a file that never grows beyond its bound. */
import { readFile } from 'node:fs/promises';
import { openLogFile, partsOf } from '../role-logs/log-file.ts';
import type { SystemHealth } from './report.ts';

/** With its three older parts about a week of checks. */
const FILE_BYTES_MAX = 4 * 1024 * 1024;
export const HISTORY_LINES_MAX = 2_000;

export interface History {
  add(health: SystemHealth): void;
  /** The newest `limit` checks, the oldest of them first. */
  read(limit: number): Promise<unknown[]>;
}

export function createHistory(path: string): History {
  const append = openLogFile(path, FILE_BYTES_MAX);
  return {
    add({ at, status, services }) {
      const states = services.map(
        ({ name, state, latencyMs }) => [name, [state, latencyMs]] as const,
      );
      append(JSON.stringify({ at, status, services: Object.fromEntries(states) }));
    },
    async read(limit) {
      const texts = await Promise.all(
        partsOf(path).map((part) => readFile(part, 'utf8').catch(() => '')),
      );
      const lines = texts.join('').split('\n').filter(Boolean);
      return lines.slice(-Math.min(limit, HISTORY_LINES_MAX)).flatMap(readLine);
    },
  };
}

/** A line that a full disk cut short is left out. */
function readLine(line: string): unknown[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}
