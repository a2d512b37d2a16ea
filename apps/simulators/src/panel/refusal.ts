import { json, type Answer } from '../http.ts';

/** One issue of a failed validation, as zod 4 words it in the panel's answers. */
export type Issue = Readonly<{ path: readonly string[]; message: string; code: string }> &
  Readonly<Record<string, unknown>>;

/**
 * A refusal in one of the panel's five shapes:
 * `application` (timestamp, path, message, errorCode), `validation` (statusCode, message, errors),
 * `framework` (message, error, statusCode), `unauthorized` and `crash` (message, statusCode).
 */
export class Refusal extends Error {
  readonly status: number;
  readonly bodyFor: (path: string, at: string) => object;

  constructor(status: number, message: string, bodyFor: (path: string, at: string) => object) {
    super(message);
    this.status = status;
    this.bodyFor = bodyFor;
  }

  toAnswer(path: string, at: string): Answer {
    return json(this.status, this.bodyFor(path, at));
  }
}

export const application = (status: number, errorCode: string, message: string): Refusal =>
  new Refusal(status, message, (path, timestamp) => ({ timestamp, path, message, errorCode }));

export const validation = (errors: readonly Issue[] | undefined): Refusal =>
  new Refusal(400, 'Validation failed', () => ({
    statusCode: 400,
    message: 'Validation failed',
    ...(errors === undefined ? {} : { errors }),
  }));

const FRAMEWORK_NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
};

export const framework = (statusCode: number, message: string): Refusal =>
  new Refusal(statusCode, message, () => ({
    message,
    error: FRAMEWORK_NAMES[statusCode] ?? 'Error',
    statusCode,
  }));

export const unauthorized = (): Refusal =>
  new Refusal(401, 'Unauthorized', () => ({ message: 'Unauthorized', statusCode: 401 }));

export const crash = (): Refusal =>
  new Refusal(500, 'Internal server error', () => ({
    statusCode: 500,
    message: 'Internal server error',
  }));

export const subscriptionMissing = (): Refusal =>
  new Refusal(404, 'Resource not found', () => ({
    isFound: false,
    statusCode: 404,
    message: 'Resource not found',
  }));

export const subscriptionForbidden = (): Refusal =>
  new Refusal(403, 'Forbidden', () => ({ statusCode: 403, message: 'Forbidden' }));

export const forbidden = (): Refusal => application(403, 'E000', 'Forbidden');
export const userNotFound = (): Refusal => application(404, 'A025', 'User not found');
export const userNotRead = (): Refusal =>
  application(404, 'A063', 'User with specified params not found');
