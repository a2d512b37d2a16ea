/** Names around sessions that several roles must spell alike. */
import { cookieNames } from '@opora/contracts';
import type { Config } from './shape.ts';

/** Who signs access tokens and for whom: fixed names, compared exactly. */
export const TOKEN_NAMES = { issuer: 'opora', audience: 'opora-api' };

/** Names of this run's session cookies. */
export function sessionCookies(config: Config): ReturnType<typeof cookieNames> {
  return cookieNames({ webPort: config.ports.web, secure: config.webUrl.startsWith('https:') });
}
