/**
 * Structured logs, one JSON object a line, for machines and for the supervisor that colours them.
 * Secrets never get here as text (`Secret` prints `[redacted]`); what still could leak by habit is
 * cut at this sink: token-like substrings and well-known field names.
 */
import { pino, stdSerializers, stdTimeFunctions, type Logger } from 'pino';

export type Log = Pick<Logger, 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'level'> & {
  child(bindings: Record<string, unknown>): Log;
};

/** Bot tokens sit in URL paths, bearer tokens in headers: both reach error texts of clients. */
const TOKEN_PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b\d{6,12}:[A-Za-z0-9_-]{12,}/g, '[bot token]'],
  [/\bBearer\s+[A-Za-z0-9._~+/-]+=*/gi, 'Bearer [redacted]'],
  [/\bBasic\s+[A-Za-z0-9+/]+=*/gi, 'Basic [redacted]'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+/g, '[jwt]'],
];

const REDACTED_FIELDS = [
  'authorization',
  'cookie',
  'password',
  'secret',
  'token',
  '*.authorization',
  '*.cookie',
  '*.password',
  '*.secret',
  '*.token',
];

/** Replaces what looks like a credential inside a text. */
export function redact(text: string): string {
  return TOKEN_PATTERNS.reduce((clean, [pattern, shown]) => clean.replace(pattern, shown), text);
}

export function createLog(options: {
  level: string;
  role: string;
  write?: (line: string) => void;
}): Log {
  const write = options.write ?? ((line: string) => process.stdout.write(line));
  return pino(
    {
      level: options.level,
      base: { role: options.role },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED_FIELDS, censor: '[redacted]' },
      serializers: { err: stdSerializers.err, error: stdSerializers.err },
    },
    {
      write: (line: string) => {
        write(redact(line));
      },
    },
  );
}
