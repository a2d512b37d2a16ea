import type { Clock, Ids, Secret } from '@opora/kernel';
import { createRedis, RedisAway } from '../../../platform/redis/index.ts';
import { good, PAGES, skipped, warning, type Check } from '../check.ts';

const CONNECTED_WITHIN_MS = 3_000;
const LOOK_EVERY_MS = 50;

/** What gateways share, where they do. Its absence is no fault: slower, never wrong. */
export function checkRedis(
  url: Secret | undefined,
  deps: { clock: Clock; ids: Pick<Ids, 'chance'> },
): Check {
  return {
    name: 'redis',
    async run() {
      if (url === undefined) return skipped('REDIS_URL is not set: nothing needs it');
      const { clock } = deps;
      const redis = await createRedis({ url, ...deps });
      try {
        const untilMs = clock.monotonicMs() + CONNECTED_WITHIN_MS;
        while (redis.isAway && clock.monotonicMs() < untilMs) await clock.sleep(LOOK_EVERY_MS);
        const about = String(await redis.ask(['INFO', 'server']));
        const version = /^redis_version:(\S+)/m.exec(about)?.[1] ?? 'of an unknown version';
        return good(`answers, ${version}`);
      } catch (error) {
        if (!(error instanceof RedisAway)) throw error;
        return warning(`does not answer (${error.message}): slower without it, never wrong`, {
          mend: 'REDIS_URL: host, port and password; then the Redis itself',
          page: PAGES.redis,
        });
      } finally {
        redis.close();
      }
    },
  };
}
