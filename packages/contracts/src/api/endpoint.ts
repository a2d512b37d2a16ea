/**
 * One address of the HTTP API, said once: the back end serves it, the OpenAPI document describes
 * it, the typed client calls it, the reference page shows its example.
 */
import type { z } from 'zod';
import type { Permission } from '../permissions.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = Readonly<{
  method: Method;
  /** With `{name}` for each member of `params`. */
  path: string;
  permission: Permission;
  /** One sentence for people who read the reference. */
  about: string;
  params?: Params;
  query?: Query;
  body?: Body;
  answer: Answer;
  /** 200 unless said otherwise. */
  status?: 200 | 201 | 202;
  /** A repeat with the same key has the effect of one call: `Idempotency-Key` is required. */
  keyed?: boolean;
  /** Says what would change and changes nothing: needs the right, never a fresh second factor. */
  previews?: boolean;
  /** Something other than JSON is answered: a file, a stream of events. */
  media?: 'text/csv' | 'text/event-stream';
  example: Readonly<{
    params?: z.input<Params>;
    query?: z.input<Query>;
    body?: z.input<Body>;
    answer: z.input<Answer>;
  }>;
}>;

/** Keeps the exact schemas in the type. */
export function endpoint<
  Answer extends z.ZodType,
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
>(given: Endpoint<Params, Query, Body, Answer>): Endpoint<Params, Query, Body, Answer> {
  return given;
}
