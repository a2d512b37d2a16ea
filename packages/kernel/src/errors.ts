export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'rate_limited'
  | 'unavailable';

/** Facts of a refusal that a caller may read: plain values only, never secrets or personal data. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/**
 * An expected refusal, named after the fact (`payments.not_found`). `message` is for the log,
 * `publicText` for the one who asked. HTTP turns `kind` into a status at the edge, nowhere else.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  abstract readonly kind: ErrorKind;
  /** What the asker may read; the edge shows it as `detail`. */
  readonly publicText: string | undefined;
  readonly facts: Facts;

  constructor(
    message: string,
    options: { facts?: Facts; publicText?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = new.target.name;
    this.facts = options.facts ?? {};
    this.publicText = options.publicText;
  }
}

/** A passing fault (timeout, lock, vendor down): retried with jittered backoff, counted, not paged. */
export abstract class OperationalError extends DomainError {
  override readonly kind: ErrorKind = 'unavailable';
  /** What the other side asked for, milliseconds; the lower bound of the next wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    options: { facts?: Facts; publicText?: string; cause?: unknown; retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}
