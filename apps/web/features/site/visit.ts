import type { Language } from '@opora/kernel';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import type { Zone } from '../../shared/words/when.ts';
import {
  chooseLanguage,
  chooseTheme,
  chooseZone,
  LANGUAGE_COOKIE,
  THEME_COOKIE,
  ZONE_COOKIE,
  type Theme,
} from './preferences.ts';

/** What the pages know about the request they answer. */
export type Visit = Readonly<{
  language: Language;
  theme: Theme;
  zone: Zone;
  requestId: string;
  /** Path and query as asked for. */
  path: string;
}>;

/** Reads the visit; `x-request-id` and `x-opora-target` are written by start.mjs, never by a client. */
export const readVisit = cache(async (): Promise<Visit> => {
  const [head, jar] = await Promise.all([headers(), cookies()]);
  const path = head.get('x-opora-target') ?? '/';
  return {
    language: chooseLanguage({
      query: URL.parse(path, 'http://here')?.searchParams.get('lang') ?? null,
      cookie: jar.get(LANGUAGE_COOKIE)?.value,
      acceptLanguage: head.get('accept-language'),
    }),
    theme: chooseTheme(jar.get(THEME_COOKIE)?.value),
    zone: chooseZone(jar.get(ZONE_COOKIE)?.value),
    requestId: head.get('x-request-id') ?? '',
    path,
  };
});
