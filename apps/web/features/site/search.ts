import { safeReturnPath } from './preferences.ts';

/** What stands behind `?` of an address; anybody may write anything there. */
export type Search = Promise<Readonly<Record<string, string | string[] | undefined>>>;

/** The value of a name that may stand there once. */
export function only(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Where to go after signing in: a path of this site, else `fallback`. */
export function nextPath(asked: string | undefined, fallback: string): string {
  const path = safeReturnPath(asked);
  return path === '/' ? fallback : path;
}
