/** The raw lines of a role in one file that never grows beyond its bound; older parts are numbered. */
import { appendFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const FILE_BYTES_MAX = 10 * 1024 * 1024;
/** `api.log`, `api.log.1` ... `api.log.3`. */
const OLDER_FILES_MAX = 3;

export function logFile(home: string, role: string): string {
  return join(home, 'logs', `${role}.log`);
}

/**
 * Appends one line at a time and synchronously: the last words of a dying role must be on disk.
 * A disk that is full costs the line, never the platform.
 */
export function openLogFile(path: string, bytesMax = FILE_BYTES_MAX): (line: string) => void {
  let bytes = sizeOf(path);
  return (line) => {
    try {
      const text = `${line}\n`;
      const length = Buffer.byteLength(text);
      if (bytes > 0 && bytes + length > bytesMax) {
        rotate(path);
        bytes = 0;
      }
      appendFileSync(path, text, { mode: 0o600 });
      bytes += length;
    } catch {
      // Nothing can be written about a disk that cannot be written; the terminal has the line.
    }
  };
}

function rotate(path: string): void {
  for (let age = OLDER_FILES_MAX; age > 0; age -= 1) {
    const from = age === 1 ? path : `${path}.${String(age - 1)}`;
    if (sizeOf(from) > 0) renameSync(from, `${path}.${String(age)}`);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
