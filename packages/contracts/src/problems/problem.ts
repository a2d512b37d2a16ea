import type { ErrorKind } from '@opora/kernel';

export type Problem = Readonly<{
  kind: ErrorKind;
  /** Given when HTTP has a more exact status than the kind's (405, 413, ...). */
  status?: number;
  title: Readonly<{ ru: string; en: string }>;
  /** What an operator looks at first. */
  check: string;
}>;

/** One row of the table: kind, title in English and Russian, what to check. */
export function problem(kind: ErrorKind, ...words: readonly [string, string, string]): Problem {
  const [en, ru, check] = words;
  return { kind, title: { ru, en }, check };
}

/** A row whose status is not that of its kind. */
export function exactly(status: number, row: Problem): Problem {
  return { ...row, status };
}
