/**
 * The raw lines of a role in one file that never grows beyond its bound; older parts are numbered.
 *
 * The file is opened by its name for every line and asked for its own size: whoever else moves or
 * cuts it (logrotate, an operator, a second writer) needs to tell nobody, and no line goes to a
 * file that was moved away. Parts are renamed, the oldest first, so that a kill in between leaves
 * a gap in the numbers and never costs a part.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const FILE_BYTES_MAX = 10 * 1024 * 1024;
/** `api.log`, `api.log.1` ... `api.log.3`. */
const OLDER_FILES_MAX = 3;

export function logFile(home: string, role: string): string {
  return join(home, 'logs', `${role}.log`);
}

/** The roles that ever wrote here, whether or not they run. */
export function rolesWithLogs(home: string): string[] {
  try {
    const names = readdirSync(join(home, 'logs'));
    return names.filter((name) => name.endsWith('.log')).map((name) => name.slice(0, -4));
  } catch {
    return [];
  }
}

/** The parts of one log that are there, the oldest first. */
export function partsOf(path: string): string[] {
  const ages = Array.from({ length: OLDER_FILES_MAX }, (_, at) => OLDER_FILES_MAX - at);
  return [...ages.map((age) => numbered(path, age)), path].filter((part) => existsSync(part));
}

/**
 * Appends one line at a time and synchronously: the last words of a dying role must be on disk.
 * A disk that is full costs the line, never the platform.
 */
export function openLogFile(path: string, bytesMax = FILE_BYTES_MAX): (line: string) => void {
  return (line) => {
    try {
      append(path, `${line}\n`, bytesMax);
    } catch {
      // Nothing can be written about a disk that cannot be written; the terminal has the line.
    }
  };
}

function append(path: string, text: string, bytesMax: number): void {
  let file = openSync(path, 'a', 0o600);
  try {
    const { size } = fstatSync(file);
    if (size > 0 && size + Buffer.byteLength(text) > bytesMax && rotate(path)) {
      closeSync(file);
      file = openSync(path, 'a', 0o600);
    }
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

/** False when a part could not be renamed: a file that grows is better than a line that is lost. */
function rotate(path: string): boolean {
  try {
    for (let age = OLDER_FILES_MAX; age > 0; age -= 1) {
      const from = age === 1 ? path : numbered(path, age - 1);
      if (existsSync(from)) renameSync(from, numbered(path, age));
    }
    return true;
  } catch {
    return false;
  }
}

function numbered(path: string, age: number): string {
  return `${path}.${String(age)}`;
}
