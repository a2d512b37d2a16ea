import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Calls `onLine` for each line of a pipe or a socket; a broken one ends like a closed one. */
export function eachLine(input: Readable, onLine: (line: string) => void): void {
  // Readline repeats the stream's errors on itself, where nobody would hear them but the process.
  createInterface({ input })
    .on('line', onLine)
    .on('error', () => undefined);
}
