/** Identity: sign-in, sessions, the public keys. Any number of them, two unless told otherwise. */
import { sessionCookies } from '../config/session-names.ts';
import { readinessWith } from '../compose-database.ts';
import { composeModules, type Modules } from '../compose.ts';
import type { Config } from '../config/shape.ts';
import { accountRoutes } from '../modules/identity/edge/account.ts';
import {
  authRoutes,
  createAuthorise,
  installSession,
  type OfferedTelegram,
} from '../modules/identity/edge/http.ts';
import { innerRoutes } from '../modules/identity/edge/inner.ts';
import { turnGray } from '../operations/drills/gray.ts';
import { createHttp, createInnerLink, type Http } from '../platform/http/index.ts';
import type { Running } from '../platform/lifecycle/index.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const parts = await composeModules(config, 'auth', instance);
  const http = composeAuth(parts);
  const { clock, ids } = parts;
  turnGray(http.app, config.plantedBug, { instance, clock, chance: ids.chance });
  await http.listen(config.ports.auth + instance);
  return {
    ready: () => !http.draining,
    stop: (reason) => parts.lifecycle.stop(reason),
  };
}

/** All routes of this role over finished services; not yet listening. */
export function composeAuth(parts: Modules): Http {
  const { config, lifecycle } = parts;
  const site = {
    cookies: sessionCookies(config),
    webUrl: config.webUrl,
    link: createInnerLink({ role: 'auth', keys: config.readServiceKeys, clock: parts.clock }),
  };
  const offered = offeredTelegram(config);
  const auth = { ...parts, ...site, jwks: parts.keys.jwks(), offered };
  const http = createHttp({
    ...parts,
    link: site.link,
    trustedProxies: config.trustedProxies,
    sockets: config.sockets,
    authorise: createAuthorise(auth),
    readiness: readinessWith(parts.db),
  });
  lifecycle.onStop('http', () => http.close());
  installSession(http.app);
  authRoutes(auth)(http.app);
  accountRoutes(auth)(http.app);
  innerRoutes(parts)(http.app);
  return http;
}

/** One way for the person: the newer one where it is configured, else the widget (decision 0033). */
function offeredTelegram({ telegram, ports, webUrl }: Config): OfferedTelegram {
  const isOidc = telegram.oidc !== undefined;
  if (isOidc || telegram.token === undefined) return { telegramUrl: null, telegramOidc: isOidc };
  const url = new URL(
    telegram.simulated
      ? `http://127.0.0.1:${String(ports.simulators)}/telegram/login`
      : 'https://oauth.telegram.org/auth',
  );
  const [bot = ''] = telegram.token.reveal().split(':', 1);
  url.searchParams.set('bot_id', bot);
  url.searchParams.set('origin', new URL(webUrl).origin);
  url.searchParams.set('request_access', 'write');
  return { telegramUrl: url.href, telegramOidc: false };
}
