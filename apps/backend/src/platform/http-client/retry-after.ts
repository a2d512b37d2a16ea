/** Longest wait we let another side ask for; above it the header is not sane and is ignored. */
const RETRY_AFTER_MAX_MS = 3_600_000;

/** Milliseconds a `Retry-After` header asks for (seconds or an HTTP date), if it is sane. */
export function retryAfterMs(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const wait = /^\d{1,10}$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime();
  return wait >= 0 && wait <= RETRY_AFTER_MAX_MS ? wait : undefined;
}
