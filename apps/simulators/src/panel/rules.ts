import type { Issue } from './refusal.ts';

/** An issue without its path, or `undefined` when the value is good. */
type Finding =
  (Readonly<{ code: string; message: string }> & Readonly<Record<string, unknown>>) | undefined;
export type Rule = (value: unknown) => Finding;
export type Rules = Readonly<Record<string, Readonly<{ required?: boolean; rule: Rule }>>>;

const ISO =
  /^(?:(?:\d\d[2468][048]|\d\d[13579][26]|\d\d0[48]|[02468][048]00|[13579][26]00)-02-29|\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|(?:02)-(?:0[1-9]|1\d|2[0-8])))T(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z||([+-](?:[01]\d|2[0-3]):[0-5]\d)))$/;
const EMAIL =
  /^(?!\.)(?!.*\.\.)([A-Za-z0-9_'+\-\.]*)[A-Za-z0-9_+-]@([A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const nameOfType = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value;
};

const wrongType = (expected: string, value: unknown): Finding => ({
  expected,
  code: 'invalid_type',
  message: `Invalid input: expected ${expected}, received ${nameOfType(value)}`,
});

const wrongFormat = (format: string, pattern: RegExp, message: string): Finding => ({
  origin: 'string',
  code: 'invalid_format',
  format,
  pattern: String(pattern),
  message,
});

type TextLimits = Readonly<{ min?: number; max?: number; pattern?: RegExp; says?: string }>;

export const text =
  ({ min, max, pattern, says }: TextLimits = {}): Rule =>
  (value) => {
    if (typeof value !== 'string') return wrongType('string', value);
    if (min !== undefined && value.length < min) {
      const message = `Too small: expected string to have >=${String(min)} characters`;
      return { origin: 'string', code: 'too_small', minimum: min, inclusive: true, message };
    }
    if (max !== undefined && value.length > max) {
      const message = `Too big: expected string to have <=${String(max)} characters`;
      return { origin: 'string', code: 'too_big', maximum: max, inclusive: true, message };
    }
    if (pattern !== undefined && !pattern.test(value)) {
      return wrongFormat('regex', pattern, says ?? 'Invalid string');
    }
    return undefined;
  };

type NumberLimits = Readonly<{ whole?: boolean; min?: number; max?: number; says?: string }>;

export const number =
  ({ whole = false, min, max, says }: NumberLimits = {}): Rule =>
  (value) => {
    if (typeof value !== 'number') return wrongType('number', value);
    if (whole && !Number.isInteger(value)) {
      const message = 'Invalid input: expected int, received number';
      return { expected: 'int', format: 'safeint', code: 'invalid_type', message };
    }
    if (min !== undefined && value < min) {
      const message = says ?? `Too small: expected number to be >=${String(min)}`;
      return { origin: 'number', code: 'too_small', minimum: min, inclusive: true, message };
    }
    if (max !== undefined && value > max) {
      const message = `Too big: expected number to be <=${String(max)}`;
      return { origin: 'number', code: 'too_big', maximum: max, inclusive: true, message };
    }
    return undefined;
  };

export const oneOf =
  (values: readonly string[]): Rule =>
  (value) =>
    values.some((each) => each === value)
      ? undefined
      : {
          code: 'invalid_value',
          values,
          message: `Invalid option: expected one of ${values.map((each) => `"${each}"`).join('|')}`,
        };

export const isoDate: Rule = (value) => {
  if (typeof value !== 'string') return wrongType('string', value);
  return ISO.test(value) ? undefined : wrongFormat('datetime', ISO, 'Invalid ISO datetime');
};

export const email: Rule = (value) => {
  if (typeof value !== 'string') return wrongType('string', value);
  return EMAIL.test(value) ? undefined : wrongFormat('email', EMAIL, 'Invalid email address');
};

export const uuid: Rule = (value) => {
  if (typeof value !== 'string') return wrongType('string', value);
  return UUID.test(value) ? undefined : wrongFormat('uuid', UUID, 'Invalid UUID');
};

export const listOf =
  (rule: Rule, { min = 0, max = Infinity }: { min?: number; max?: number } = {}): Rule =>
  (value) => {
    if (!Array.isArray(value)) return wrongType('array', value);
    if (value.length < min || value.length > max) {
      const small = value.length < min;
      const code = small ? 'too_small' : 'too_big';
      return { origin: 'array', code, inclusive: true, message: small ? 'Too small' : 'Too big' };
    }
    return value.map(rule).find((finding) => finding !== undefined);
  };

export const nullable =
  (rule: Rule): Rule =>
  (value) =>
    value === null ? undefined : rule(value);

export const bool: Rule = (value) =>
  typeof value === 'boolean' ? undefined : wrongType('boolean', value);

export const object: Rule = (value) =>
  nameOfType(value) === 'object' ? undefined : wrongType('object', value);

/** Every issue of `body` in the order of the rules; keys without a rule are silently ignored. */
export function findIssues(body: Readonly<Record<string, unknown>>, rules: Rules): Issue[] {
  const issues: Issue[] = [];
  for (const [key, { rule, required = false }] of Object.entries(rules)) {
    const value = body[key];
    if (value === undefined && !required) continue;
    const finding = rule(value);
    if (finding !== undefined) issues.push({ ...finding, path: [key] });
  }
  return issues;
}

/** A date as the panel keeps it; one without a zone is the server's time, which is UTC here. */
export function toUtc(date: string): string {
  return new Date(/(Z|[+-]\d\d:\d\d)$/.test(date) ? date : `${date}Z`).toISOString();
}
