/** Follows one log by its name across rotations: what was moved away is read to its end first. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** How much of the past the first look shows. */
const TAIL_BYTES = 64 * 1024;

/**
 * Each call answers the lines that are new; the first one starts near the end of the file. The
 * file stays open in between, or what is written before it is moved away would be missed.
 */
export function createTail(path: string): () => string[] {
  let file: number | undefined;
  let at = 0;
  let rest = '';
  const decoder = new StringDecoder('utf8');

  function read(from: number): string[] {
    const lines: string[] = [];
    const buffer = Buffer.alloc(TAIL_BYTES);
    for (;;) {
      const count = readSync(from, buffer, 0, TAIL_BYTES, at);
      if (count === 0) return lines;
      at += count;
      const parts = (rest + decoder.write(buffer.subarray(0, count))).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    }
  }

  function begin(): string[] {
    file = tryOpen(path);
    if (file === undefined) return [];
    at = Math.max(0, fstatSync(file).size - TAIL_BYTES);
    const isCut = at > 0;
    const lines = read(file);
    return isCut ? lines.slice(1) : lines;
  }

  return () => {
    if (file === undefined) return begin();
    const lines = read(file);
    const next = tryOpen(path);
    if (next === undefined) return lines;
    if (isSame(file, next) && fstatSync(next).size >= at) {
      closeSync(next);
      return lines;
    }
    // Another file has the name, or it was cut: the old one is finished, the new one is read whole.
    lines.push(...read(file));
    closeSync(file);
    [file, at, rest] = [next, 0, ''];
    return [...lines, ...read(next)];
  };
}

function tryOpen(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch {
    return undefined;
  }
}

function isSame(one: number, other: number): boolean {
  return fstatSync(one).ino === fstatSync(other).ino;
}
