/** How long outcomes count, and in how many steps they are forgotten. */
const WINDOW_MS = 30_000;
const BUCKETS = 10;
const BUCKET_MS = WINDOW_MS / BUCKETS;

type Bucket = { since: number; calls: number; failures: number; slow: number };

/** Outcomes of the last 30 s in ten buckets: constant memory, whatever the traffic. */
export class RollingWindow {
  readonly #buckets: Bucket[] = Array.from({ length: BUCKETS }, () => emptyBucket());

  add(nowMs: number, failed: boolean, slow: boolean): void {
    const bucket = this.#bucketOf(nowMs);
    bucket.calls += 1;
    if (failed) bucket.failures += 1;
    if (slow) bucket.slow += 1;
  }

  totals(nowMs: number): Readonly<{ calls: number; failures: number; slow: number }> {
    const oldest = Math.floor(nowMs / BUCKET_MS) - BUCKETS;
    const total = { calls: 0, failures: 0, slow: 0 };
    for (const bucket of this.#buckets) {
      if (bucket.since <= oldest) continue;
      total.calls += bucket.calls;
      total.failures += bucket.failures;
      total.slow += bucket.slow;
    }
    return total;
  }

  clear(): void {
    for (const bucket of this.#buckets) Object.assign(bucket, emptyBucket());
  }

  #bucketOf(nowMs: number): Bucket {
    const since = Math.floor(nowMs / BUCKET_MS);
    const at = since % BUCKETS;
    const bucket = (this.#buckets[at] ??= emptyBucket());
    if (bucket.since !== since) Object.assign(bucket, emptyBucket(), { since });
    return bucket;
  }
}

function emptyBucket(): Bucket {
  return { since: Number.NEGATIVE_INFINITY, calls: 0, failures: 0, slow: 0 };
}
