/**
 * Redis, where the settings name one. Nobody waits for it: a command is answered within
 * `COMMAND_MS` or `RedisAway` is thrown, nothing is queued while it is away, and one watcher asks
 * whether it is back, so no caller has to try. What is kept there may be lost at any moment.
 */
export { createRedis, createScript, RedisAway, type Redis, type Script } from './redis.ts';
