import { parseJson, type Request } from '../http.ts';
import { badRequest } from './bot-api.ts';

/** The parameters of one call; Telegram takes every value as JSON or as its text. */
export interface Params {
  readonly raw: Readonly<Record<string, unknown>>;
  text(name: string): string | undefined;
  /** A whole number; throws 400 when it is something else. */
  number(name: string): number | undefined;
  flag(name: string): boolean;
  /** An object or a list, given as JSON or as text that holds JSON; throws 400 when it is neither. */
  object(name: string): unknown;
}

/** Wraps already parsed parameters. */
export function readParams(raw: Readonly<Record<string, unknown>>): Params {
  return {
    raw,
    text(name) {
      const value = raw[name];
      if (value === undefined || value === null) return undefined;
      if (typeof value === 'string') return value;
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      throw badRequest(`field "${name}" must be of type String`);
    },
    number(name) {
      const value = raw[name];
      if (value === undefined || value === null || value === '') return undefined;
      const number = typeof value === 'string' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
        throw badRequest(`field "${name}" must be of type Number`);
      }
      return number;
    },
    flag: (name) =>
      raw[name] === true || raw[name] === 'true' || raw[name] === 'True' || raw[name] === '1',
    object(name) {
      const value = raw[name];
      if (value === undefined || value === null || value === '') return undefined;
      if (typeof value === 'object') return value;
      const parsed = typeof value === 'string' ? parseJson(Buffer.from(value)) : undefined;
      if (typeof parsed !== 'object' || parsed === null) {
        throw badRequest(`can't parse ${name} JSON object`);
      }
      return parsed;
    },
  };
}

/** Query and body together, the body winning; JSON and forms are told apart by the content type. */
export function paramsOf(request: Pick<Request, 'query' | 'headers' | 'body'>): Params {
  const raw: Record<string, unknown> = Object.fromEntries(request.query);
  if (request.body.length > 0) {
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('application/json')) Object.assign(raw, jsonBody(request.body));
    else if (type.startsWith('application/x-www-form-urlencoded')) {
      Object.assign(raw, Object.fromEntries(new URLSearchParams(request.body.toString('utf8'))));
    } else throw badRequest('this content type is not simulated, send JSON or a form');
  }
  return readParams(raw);
}

function jsonBody(body: Buffer): object {
  const parsed = parseJson(body);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw badRequest("can't parse JSON object");
  }
  return parsed;
}
