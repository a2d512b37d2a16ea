/** Which of the configured vendors say that they save what a buyer pays with, and who charges it. */
import { loadConfig } from '../src/config/load.ts';
import { createProviders, type PaymentProvider } from '../src/modules/payments/index.ts';
import { createBreaker } from '../src/platform/breaker/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createHttpClient } from '../src/platform/http-client/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { quietLog } from './database.ts';
import { settingsOf } from './vendor-world.ts';

export function savingProviders(
  who: PaymentProvider['capabilities']['savedMethods'],
  settings: Readonly<Record<string, string>> = {},
): string[] {
  const http = createHttpClient({ clock: systemClock });
  const deps = { http, clock: systemClock, ids: systemIds, log: quietLog() };
  const breaker = (name: string) => createBreaker({ ...deps, name });
  const config = loadConfig({ ...settingsOf('http://127.0.0.1:9'), ...settings });
  return [...createProviders(config, { ...deps, breaker }).values()]
    .filter(({ capabilities }) => capabilities.savedMethods === who)
    .map(({ id }) => id);
}
