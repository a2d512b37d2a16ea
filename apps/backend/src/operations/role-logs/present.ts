/** A role's line as a person reads it: `12:01:02 api#0 info text key=value`. */
import { parseLine } from './line.ts';

export type Paint = (style: 'dim' | 'red' | 'yellow' | 'cyan', text: string) => string;

const NAME_WIDTH = 12;
/** Fields said otherwise in the line, or of no use to a person. */
const OMITTED = new Set(['level', 'time', 'role', 'instance', 'msg', 'pid', 'hostname']);
const VALUE_LENGTH_MAX = 400;
const STACK_LINES_MAX = 12;

export const plain: Paint = (_style, text) => text;

export const coloured: Paint = (style, text) => {
  const code = { dim: 2, red: 31, yellow: 33, cyan: 36 }[style];
  return `\u001b[${String(code)}m${text}\u001b[0m`;
};

/** `at` is used for programs that do not write JSON lines of ours. */
export function present(
  line: string,
  { name, at, paint }: { name: string; at: Date; paint: Paint },
): string {
  const entry = parseLine(line);
  const head = (time: string): string =>
    `${paint('dim', time)} ${paint('cyan', name.padEnd(NAME_WIDTH))}`;
  if (entry === undefined) return `${head(clockTime(at))} ${line}`;
  const level = typeof entry['level'] === 'string' ? entry['level'] : 'info';
  const written = new Date(String(entry['time']));
  const time = clockTime(Number.isNaN(written.getTime()) ? at : written);
  const fields = Object.entries(entry)
    .filter(([key]) => !OMITTED.has(key) && stackOf(entry[key]) === undefined)
    .map(([key, value]) => ` ${paint('dim', `${key}=`)}${short(value)}`)
    .join('');
  const stacks = Object.values(entry).flatMap((value) => stackOf(value) ?? []);
  const message = typeof entry['msg'] === 'string' ? entry['msg'] : '';
  return [`${head(time)} ${levelWord(level, paint)} ${message}${fields}`, ...stacks].join('\n');
}

function levelWord(level: string, paint: Paint): string {
  if (level === 'error' || level === 'fatal') return paint('red', level);
  return level === 'warn' ? paint('yellow', level) : paint('dim', level);
}

function short(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const cut = text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
  return /\s/.test(cut) && typeof value === 'string' ? JSON.stringify(cut) : cut;
}

function stackOf(value: unknown): string[] | undefined {
  const isError = typeof value === 'object' && value !== null && 'stack' in value;
  if (!isError || typeof value.stack !== 'string') return undefined;
  return value.stack
    .split('\n')
    .slice(0, STACK_LINES_MAX)
    .map((line) => `    ${line.trim()}`);
}

function clockTime(at: Date): string {
  return at.toTimeString().slice(0, 8);
}
