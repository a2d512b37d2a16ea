import {
  isProblemCode,
  KIND_STATUS,
  PROBLEMS,
  problemStatus,
  type Problem,
  type ProblemCode,
  type ProblemWire,
} from '@opora/contracts';
import { DomainError, type ErrorKind, type Language } from '@opora/kernel';
import type { FastifyError } from 'fastify';
import {
  hasZodFastifySchemaValidationErrors,
  isResponseSerializationError,
} from 'fastify-type-provider-zod';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Most faults of one request that are listed. */
const FAULTS_MAX = 20;

/** What a refusal of the framework itself means in our words. */
const FRAMEWORK_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'http.body_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'http.unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'http.malformed_body',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'http.malformed_body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'http.malformed_body',
  FST_ERR_BAD_URL: 'http.malformed_request',
};

const TITLE_OF_KIND: Readonly<Record<ErrorKind, string>> = {
  invalid: 'Not valid',
  unauthenticated: 'Sign in first',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  conflict: 'Conflict',
  rate_limited: 'Too many requests',
  unavailable: 'Not available',
};

/**
 * Any thrown thing as RFC 9457. Expected refusals keep their code, public text and facts; what we
 * do not know becomes a bare 500 that tells the request id only.
 */
export function problemOf(error: unknown, requestId: string, language: Language): ProblemWire {
  if (error instanceof DomainError) return domainProblem(error, requestId, language);
  if (hasZodFastifySchemaValidationErrors(error)) {
    const part = partOf(error);
    const errors = error.validation.slice(0, FAULTS_MAX).map((fault) => ({
      pointer: `/${part}${fault.instancePath}`,
      message: fault.message ?? 'not valid',
    }));
    return { ...plainProblem('http.invalid_request', requestId, language), errors };
  }
  return plainProblem(codeOf(error), requestId, language);
}

/** A problem that needs no error object: its code says it all. */
export function plainProblem(
  code: ProblemCode,
  requestId: string,
  language: Language,
): ProblemWire {
  return fixedMembers(code, problemStatus(code), PROBLEMS[code].title[language], requestId);
}

/** `ru` when the asker prefers it, else `en`. */
export function preferredLanguage(acceptLanguage: string | undefined): Language {
  return acceptLanguage !== undefined && /^\s*ru\b/i.test(acceptLanguage) ? 'ru' : 'en';
}

function domainProblem(error: DomainError, requestId: string, language: Language): ProblemWire {
  const entry: Problem | undefined = isProblemCode(error.code) ? PROBLEMS[error.code] : undefined;
  const status = entry?.status ?? KIND_STATUS[error.kind];
  const title = entry?.title[language] ?? TITLE_OF_KIND[error.kind];
  return {
    // The fixed members come last: no fact can pose as one of them.
    ...error.facts,
    ...(error.publicText === undefined ? {} : { detail: error.publicText }),
    ...fixedMembers(error.code, status, title, requestId),
  };
}

function fixedMembers(code: string, status: number, title: string, requestId: string) {
  return {
    type: `urn:opora:problem:${code}`,
    title,
    status,
    code,
    instance: `urn:opora:request:${requestId}`,
  };
}

function codeOf(error: unknown): ProblemCode {
  if (!(error instanceof Error) || isResponseSerializationError(error)) return 'http.internal';
  const { code, statusCode } = error as Partial<FastifyError>; // both looked at before use
  const known = code === undefined ? undefined : FRAMEWORK_CODES[code];
  if (known !== undefined) return known;
  // The JSON reader refuses `__proto__` keys and broken text with a plain SyntaxError.
  return error instanceof SyntaxError && statusCode === 400
    ? 'http.malformed_body'
    : 'http.internal';
}

function partOf(error: object): string {
  const context = 'validationContext' in error ? String(error.validationContext) : 'body';
  return context === 'querystring' ? 'query' : context;
}
