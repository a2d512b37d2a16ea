import { createScript, type Redis } from '../redis/index.ts';
import type { LimitStore } from './shared-window.ts';
import { PARTS, type Limit, type Taken } from './sliding-window.ts';

/** Milliseconds of the store's own clock: gateways need not agree about theirs. */
const STORE_TIME = `local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)`;

/**
 * The window of `SlidingWindow`, word for word: the current part and the ten before it are summed.
 * KEYS: the counter, ARGV: limit, window, parts. Gives allowed, left and milliseconds until room.
 */
const COUNTED = `
local most, window, parts = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local part = window / parts
local newest = math.floor(now / part)
local kept, counts, sum = redis.call('HGETALL', KEYS[1]), {}, 0
for at = 1, #kept, 2 do
  local age = math.max(0, newest - tonumber(kept[at]))
  if age > parts then
    redis.call('HDEL', KEYS[1], kept[at])
  else
    counts[age] = (counts[age] or 0) + tonumber(kept[at + 1])
    sum = sum + tonumber(kept[at + 1])
  end
end
local allowed = sum < most
if allowed then
  redis.call('HINCRBY', KEYS[1], newest, 1)
  redis.call('PEXPIRE', KEYS[1], 2 * window)
  counts[0] = (counts[0] or 0) + 1
  sum = sum + 1
end
local reset, rest = 0, sum
for age = parts, 0, -1 do
  if counts[age] then
    rest = rest - counts[age]
    if rest < most then
      reset = (newest - age + parts + 1) * part - now
      break
    end
  end
end
return { allowed and 1 or 0, math.max(0, most - sum), math.ceil(reset) }`;

/** For small limits: the time of each try, the newest first. A refused one counts as well. */
const LOGGED = `
local most, window = tonumber(ARGV[1]), tonumber(ARGV[2])
local tries, used = redis.call('LRANGE', KEYS[1], 0, -1), 0
for at = 1, #tries do
  if now - tonumber(tries[at]) < window then used = used + 1 end
end
local allowed = used < most
redis.call('LPUSH', KEYS[1], string.format('%.0f', now))
redis.call('LTRIM', KEYS[1], 0, 2 * most - 1)
redis.call('PEXPIRE', KEYS[1], 2 * window)
table.insert(tries, 1, now)
used = used + 1
local reset = tonumber(tries[math.min(used, most)]) + window - now
return { allowed and 1 or 0, math.max(0, most - used), math.ceil(reset) }`;

/** Counts in Redis, one step a decision. Throws `RedisAway`. */
export function createStoreWindow(
  redis: Pick<Redis, 'run' | 'steadyMs' | 'onLoss'>,
  windowMs: number,
  storeTime = STORE_TIME,
): LimitStore {
  const counted = createScript(storeTime + COUNTED);
  const logged = createScript(storeTime + LOGGED);
  return {
    get steadyMs() {
      return redis.steadyMs;
    },
    onLoss(listener) {
      redis.onLoss(listener);
    },
    async take(key: string, { most, isStrict }: Limit): Promise<Taken> {
      const values = [String(most), String(windowMs), String(PARTS)];
      const script = isStrict === true ? logged : counted;
      const [allowed, left, resetMs] = numbersOf(await redis.run(script, [`limit ${key}`], values));
      return { allowed: allowed === 1, most, left: left ?? 0, resetMs: resetMs ?? 0 };
    },
  };
}

function numbersOf(reply: unknown): number[] {
  return Array.isArray(reply) ? reply.map(Number) : [];
}
