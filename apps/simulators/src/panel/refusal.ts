import { json, type Answer } from '../http.ts';

/** One issue of a failed validation, as zod 4 words it in the panel's answers. */
export type Issue = Readonly<{ path: readonly string[]; message: string; code: string }> &
  Readonly<Record<string, unknown>>;

/** An issue as zod 3 words it, which 2.x was built with; one that is so already is left. */
export function secondIssue(issue: Issue): Issue {
  const { code, path, message } = issue;
  if (code === 'invalid_format') {
    const validationOf = String(issue['format']);
    const said = SECOND_MESSAGES[validationOf] ?? message;
    return { validation: validationOf, code: 'invalid_string', message: said, path };
  }
  if (code === 'too_small' || code === 'too_big') {
    const { origin, ...rest } = issue;
    return { ...rest, code, type: origin, exact: false, message, path };
  }
  if (code === 'invalid_value') {
    return { code: 'invalid_enum_value', options: issue['values'], message, path };
  }
  return issue;
}

const SECOND_MESSAGES: Readonly<Record<string, string>> = {
  datetime: 'Invalid date format',
  email: 'Invalid email format',
  uuid: 'Invalid uuid',
};

type BodyFor = (path: string, at: string, worded: (issue: Issue) => Issue) => object;

/**
 * A refusal in one of the panel's five shapes:
 * `application` (timestamp, path, message, errorCode), `validation` (statusCode, message, errors),
 * `framework` (message, error, statusCode), `unauthorized` and `crash` (message, statusCode).
 */
export class Refusal extends Error {
  readonly status: number;
  readonly bodyFor: BodyFor;

  constructor(status: number, message: string, bodyFor: BodyFor) {
    super(message);
    this.status = status;
    this.bodyFor = bodyFor;
  }

  /** `worded` words an issue as the generation does; by default as 3.x. */
  toAnswer(path: string, at: string, worded = (issue: Issue): Issue => issue): Answer {
    return json(this.status, this.bodyFor(path, at, worded));
  }
}

export const application = (status: number, errorCode: string, message: string): Refusal =>
  new Refusal(status, message, (path, timestamp) => ({ timestamp, path, message, errorCode }));

export const validation = (errors: readonly Issue[] | undefined): Refusal =>
  new Refusal(400, 'Validation failed', (_path, _at, worded) => ({
    statusCode: 400,
    message: 'Validation failed',
    ...(errors === undefined ? {} : { errors: errors.map(worded) }),
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
