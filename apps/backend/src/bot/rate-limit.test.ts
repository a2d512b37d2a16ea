import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

describe('the rate limit', () => {
  it('lets thirty a minute pass, says it once, then is silent until the window moves', async () => {
    const clock = createManualClock();
    const limit = createRateLimit(clock);
    for (let at = 0; at < 30; at += 1) expect(limit.take('per_a')).toBe('free');
    expect(limit.take('per_a')).toBe('told');
    expect(limit.take('per_a')).toBe('silent');
    expect(limit.take('per_b')).toBe('free');
    await clock.advance(60_000);
    expect(limit.take('per_a')).toBe('free');
  });
});
