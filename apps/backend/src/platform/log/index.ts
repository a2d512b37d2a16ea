/**
 * Structured logs, one JSON object a line, for machines and for the supervisor that colours them.
 * Every line has `time`, `level`, `role`, `instance` and `msg`; what it is about goes by the names
 * `requestId`, `personId`, `orderId`, `paymentId`, `updateId` and `job`, which `opora logs` finds.
 * Loggers are passed and their ids bound by hand: no line is ever given to the wrong request.
 *
 * Secrets never get here as text (`Secret` prints `[redacted]`); what still could leak by habit is
 * cut at this sink. A line longer than `LINE_MAX` is shortened before it is looked through.
 */
import { pino, stdTimeFunctions, type Logger } from 'pino';
import { cut, describeError } from './describe-error.ts';
import { createRedactor, redact } from './redact.ts';

export { createRedactor, cut, redact };

export type Log = Pick<
  Logger,
  'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'level' | 'isLevelEnabled'
> & {
  child(bindings: Record<string, unknown>): Log;
};

const LINE_MAX = 16_384;
const LONG_VALUE_MAX = 1_000;
const FIELDS_MAX = 32;

export type LogOptions = Readonly<{
  level: string;
  role: string;
  instance?: number;
  /** Values that must not leave this process in any line. */
  secrets?: readonly string[];
  /** Absent: the standard output. */
  write?: (line: string) => void;
}>;

export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => process.stdout.write(line));
  const clean = createRedactor(options.secrets);
  return pino(
    {
      level: options.level,
      base: { role: options.role, instance: options.instance ?? 0 },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: describeErrors },
    },
    {
      write: (line: string) => {
        write(clean(line.length > LINE_MAX ? shorten(line) : line));
      },
    },
  );
}

/** Under whatever name an error comes: as it stands JSON would show all it carries. */
function describeErrors(fields: Record<string, unknown>): Record<string, unknown> {
  for (const name in fields) {
    if (fields[name] instanceof Error) {
      return Object.fromEntries(
        Object.entries(fields).map(([key, value]) => [key, describeError(value)]),
      );
    }
  }
  return fields;
}

/** Ids are short and stay; whatever is long becomes the beginning of its text. */
function shorten(line: string): string {
  const fields = Object.entries(JSON.parse(line) as Record<string, unknown>); // pino wrote it
  const short = fields.slice(0, FIELDS_MAX).map(([name, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return [name, text.length > LONG_VALUE_MAX ? cut(text, LONG_VALUE_MAX) : value];
  });
  // The text comes last in a line, so it is named again.
  const { msg } = Object.fromEntries(fields) as { msg?: string }; // as above
  const said = msg === undefined ? {} : { msg: cut(msg, LONG_VALUE_MAX) };
  return `${JSON.stringify({ ...Object.fromEntries(short), ...said })}\n`;
}
