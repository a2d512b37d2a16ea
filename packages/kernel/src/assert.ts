/** A broken invariant: a bug of ours, never an answer to bad input. */
export class AssertionFailed extends Error {
  override readonly name = 'AssertionFailed';
}

/** Crashes the request or the job when `condition` is false. Both sides of a border may assert. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionFailed(message);
}

/** Proves to the compiler, and at run time, that a union was handled completely. */
export function assertNever(value: never): never {
  throw new AssertionFailed(`unexpected value: ${String(value)}`);
}
