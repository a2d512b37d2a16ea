import { ApiProblem, type Endpoint } from '@opora/contracts';
import type { z } from 'zod';
import { readVisit } from '../site/visit.ts';
import { serverApi } from '../session/server-api.ts';

/** What a page of staff can say about its data. */
export type Loaded<T> =
  | Readonly<{ state: 'ready'; data: T }>
  /** No session of staff: the page offers to sign in, and comes back here. */
  | Readonly<{ state: 'signed_out' }>
  | Readonly<{ state: 'forbidden' }>
  | Readonly<{ state: 'missing' }>
  /** Nothing is known about the data; what it tells of is not touched by that. */
  | Readonly<{ state: 'failed'; requestId: string }>;

type Wants<E extends Endpoint> = Readonly<{
  params?: z.input<NonNullable<E['params']>>;
  query?: Readonly<Record<string, string | undefined>>;
}>;

/**
 * Asks the API as the person who asks for the page. A filter of the address that the API refuses is
 * dropped once: a list with a mistyped filter is a list, not an error.
 */
export async function load<E extends Endpoint>(
  endpoint: E,
  wants: Wants<E> = {},
): Promise<Loaded<z.output<E['answer']>>> {
  try {
    return { state: 'ready', data: await ask(endpoint, wants) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) return { state: 'failed', requestId: await ownRequestId() };
    const { status, instance } = error.problem;
    if (status === 400 && wants.query !== undefined) {
      return load(endpoint, wants.params === undefined ? {} : { params: wants.params });
    }
    if (status === 401) return { state: 'signed_out' };
    if (status === 403) return { state: 'forbidden' };
    if (status === 404 || status === 400) return { state: 'missing' };
    return { state: 'failed', requestId: instance.split(':').at(-1) ?? '' };
  }
}

async function ask<E extends Endpoint>(
  endpoint: E,
  wants: Wants<E>,
): Promise<z.output<E['answer']>> {
  const call = await serverApi();
  return call(endpoint, wants as never); // filters come from an address: the API judges them
}

async function ownRequestId(): Promise<string> {
  return (await readVisit()).requestId;
}
