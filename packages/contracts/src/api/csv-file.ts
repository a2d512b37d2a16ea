import { z } from 'zod';
import { endpoint } from './endpoint.ts';

/** A list as a file: `query` has the filters of the list, and none of its pages (`NO_PAGE`). */
export function csvFile<Query extends z.ZodType>(given: {
  name: string;
  /** What the file is for, when it is for somebody in particular. */
  about?: string;
  query: Query;
  example: Readonly<{ query: z.input<Query>; answer: string }>;
}) {
  const { name, query, example } = given;
  return endpoint({
    method: 'GET',
    path: `/api/v1/admin/exports/${name}.csv`,
    permission: 'exports:read',
    about: given.about ?? 'The same rows as the list, as a file; safe to open in a spreadsheet.',
    query,
    media: 'text/csv',
    answer: z.string(),
    example,
  });
}
