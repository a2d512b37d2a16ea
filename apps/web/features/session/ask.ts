import type { Endpoint, ProblemWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import type { z } from 'zod';

/**
 * The API from the browser. The types are those of the contract, its schemas stay on the server:
 * they weigh more than everything else that a page loads, and the answer is our own.
 */
export type Asked<E extends Endpoint> =
  Readonly<{ ok: true; answer: z.output<E['answer']>; serverNow: number }> | Refused;

/** `problem` is undefined when no answer of ours came: nobody knows whether the act was done. */
export type Refused = Readonly<{ ok: false; problem: ProblemWire | undefined }>;

type BodyOf<E extends Endpoint> =
  NonNullable<E['body']> extends z.ZodUndefined
    ? { body?: never }
    : { body: z.input<NonNullable<E['body']>> };

export type Asking<E extends Endpoint> = BodyOf<E> &
  Readonly<{
    language: Language;
    /** Of the session; needed for whatever changes something. */
    csrfToken?: string;
    /** Of an act that must have the effect of one call however often it is sent. */
    key?: string;
  }>;

const TIMEOUT_MS = 20_000;

/** Sends one call; never throws. `E` is named by the caller: `ask<typeof API.session.enter>(...)`. */
export async function ask<E extends Endpoint>(
  method: E['method'],
  path: string,
  asking: Asking<E>,
): Promise<Asked<E>> {
  const { body, language, csrfToken, key } = asking;
  try {
    const response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        'accept-language': language,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
        ...(key !== undefined && { 'idempotency-key': key }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const json: unknown = await response.json();
    if (!response.ok) return { ok: false, problem: isProblem(json) ? json : undefined };
    const serverNow = Date.parse(response.headers.get('date') ?? '') || Date.now();
    return { ok: true, answer: json as z.output<E['answer']>, serverNow }; // our own origin answered, by this contract
  } catch {
    return { ok: false, problem: undefined };
  }
}

function isProblem(json: unknown): json is ProblemWire {
  return typeof json === 'object' && json !== null && 'code' in json && 'title' in json;
}

/** Is it this field that was refused? Pointers are `/body/email`. */
export function isFieldRefused(problem: ProblemWire | undefined, field: string): boolean {
  // A list is refused by its place: `/body/networks/0`.
  const own = `/body/${field}`;
  return (
    problem?.errors?.some(({ pointer }) => pointer === own || pointer.startsWith(`${own}/`)) ===
    true
  );
}
