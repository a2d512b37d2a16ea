import type { Clock } from '@opora/kernel';
import { ApiError } from './bot-api.ts';

/** A chat takes about one message per second; a short burst passes. */
export const CHAT_PER_SECOND = 1;
export const CHAT_BURST = 20;
/** Mail the bot starts by itself, to all chats together. */
export const MAIL_PER_SECOND = 30;
export const MAIL_BURST = 30;
/** A message this soon after the person wrote or tapped is an answer, not mail. */
export const ANSWER_WINDOW_MS = 30_000;
const CHATS_TRACKED = 100_000;

type Bucket = { tokens: number; at: number };

export interface FloodLimits {
  /** The person wrote or tapped: what the bot sends next is an answer. */
  heard(chatId: number): void;
  /** Takes one message's worth; throws 429 with the seconds to wait. */
  take(chatId: number): void;
}

/**
 * Token buckets. Telegram's 30 per second is about mail to many, not about answers (grammY's guide
 * to flood limits, Telegram's FAQ for bots), so answers only draw from their chat's own bucket.
 */
export function createFloodLimits(clock: Clock): FloodLimits {
  const chats = new Map<number, Bucket>();
  const heard = new Map<number, number>();
  const mail: Bucket = { tokens: MAIL_BURST, at: clock.monotonicMs() };

  function refill(bucket: Bucket, perSecond: number, burst: number): Bucket {
    const now = clock.monotonicMs();
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1_000) * perSecond);
    bucket.at = now;
    return bucket;
  }

  function bucketOf(chatId: number): Bucket {
    const known = chats.get(chatId);
    if (known !== undefined) return refill(known, CHAT_PER_SECOND, CHAT_BURST);
    const made = { tokens: CHAT_BURST, at: clock.monotonicMs() };
    forgetOldest(chats);
    chats.set(chatId, made);
    return made;
  }

  return {
    heard(chatId) {
      heard.delete(chatId);
      forgetOldest(heard);
      heard.set(chatId, clock.monotonicMs());
    },
    take(chatId) {
      const chat = bucketOf(chatId);
      const heardAt = heard.get(chatId) ?? Number.NEGATIVE_INFINITY;
      const answer = clock.monotonicMs() - heardAt <= ANSWER_WINDOW_MS;
      const all = refill(mail, MAIL_PER_SECOND, MAIL_BURST);
      if (chat.tokens < 1) throw tooMany((1 - chat.tokens) / CHAT_PER_SECOND);
      if (!answer && all.tokens < 1) throw tooMany((1 - all.tokens) / MAIL_PER_SECOND);
      chat.tokens -= 1;
      if (!answer) all.tokens -= 1;
    },
  };
}

function forgetOldest(map: Map<number, unknown>): void {
  const [oldest] = map.keys();
  if (oldest !== undefined && map.size >= CHATS_TRACKED) map.delete(oldest);
}

function tooMany(seconds: number): ApiError {
  const wait = Math.max(1, Math.ceil(seconds));
  return new ApiError(429, `Too Many Requests: retry after ${String(wait)}`, wait);
}
