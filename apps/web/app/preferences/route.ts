import { cookies } from 'next/headers';
import {
  COOKIE_MAX_AGE_S,
  isLanguage,
  isTheme,
  LANGUAGE_COOKIE,
  safeReturnPath,
  THEME_COOKIE,
} from '../../features/site/preferences.ts';

/** Keeps a choice of language or theme and goes back to the page it was made on. */
export async function POST(request: Request): Promise<Response> {
  const form = await request.formData().catch(() => new FormData());
  const jar = await cookies();
  const kept = {
    path: '/',
    maxAge: COOKIE_MAX_AGE_S,
    sameSite: 'lax',
    httpOnly: true,
    // Behind our TLS the proxy says so; a client that lies here only loses its own choice.
    secure: request.headers.get('x-forwarded-proto') === 'https',
  } as const;
  const language = form.get('lang');
  const theme = form.get('theme');
  if (isLanguage(language)) jar.set(LANGUAGE_COOKIE, language, kept);
  if (isTheme(theme)) jar.set(THEME_COOKIE, theme, kept);
  return new Response(null, {
    status: 303,
    headers: { location: safeReturnPath(form.get('back')), 'cache-control': 'no-store' },
  });
}
