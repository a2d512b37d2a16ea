/** How far the gateway goes on by itself while the auth service is away (requirement A5). */
import type { z } from 'zod';
import { count, flag, note } from './fields.ts';

export function fallbackSettings() {
  return {
    AUTH_ENABLE_CACHE: note(
      flag.default('on'),
      'enableCache: while auth is away its last decisions count. Off: the token alone does.',
      'off',
    ),
    AUTH_CACHE_TIMEOUT_S: note(
      count(10, 900).default(900),
      'cacheTimeout: seconds from the decision for which it counts; a quarter of an hour at most.',
      '300',
    ),
    AUTH_ALLOW_OFFLINE_MODE: note(
      flag.default('on'),
      'allowOfflineMode: without a decision the token alone opens own data. Off: nothing does.',
      'off',
    ),
    AUTH_MAX_OFFLINE_TIME_S: note(
      count(60, 3600).default(3600),
      'maxOfflineTime: seconds without news of auth after which only own subscriptions are left.',
      '1800',
    ),
  };
}

type Fields = ReturnType<typeof fallbackSettings>;
type Settings = { readonly [Name in keyof Fields]: z.output<Fields[Name]> };

export type FallbackConfig = Readonly<{
  enableCache: boolean;
  cacheTimeoutMs: number;
  allowOfflineMode: boolean;
  maxOfflineTimeMs: number;
}>;

export function shapeFallback(settings: Settings): FallbackConfig {
  return {
    enableCache: settings.AUTH_ENABLE_CACHE === 'on',
    cacheTimeoutMs: settings.AUTH_CACHE_TIMEOUT_S * 1_000,
    allowOfflineMode: settings.AUTH_ALLOW_OFFLINE_MODE === 'on',
    maxOfflineTimeMs: settings.AUTH_MAX_OFFLINE_TIME_S * 1_000,
  };
}
