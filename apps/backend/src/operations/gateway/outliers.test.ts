import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { outlierAmong, Samples } from './outliers.ts';

const clock = createManualClock();

/** So many tries of about so long, every `n`-th of which failed. */
function samples(count: number, tookMs: number, failEvery = Infinity): Samples {
  const made = new Samples(clock);
  for (let at = 1; at <= count; at += 1) made.add(tookMs + (at % 3), at % failEvery === 0);
  return made;
}

describe('an instance among others', () => {
  it.each([
    ['fails three times in ten, the other never', samples(40, 5, 3), samples(40, 5), {}],
    ['fails as often as the other', samples(40, 5, 3), samples(40, 5, 3), undefined],
    ['fails once in fifty', samples(50, 5, 50), samples(50, 5), undefined],
    ['has done too little to be judged', samples(3, 900, 2), samples(40, 5), undefined],
    ['has nobody to be compared with', samples(40, 900, 2), samples(3, 5), undefined],
    ['drags', samples(12, 805), samples(40, 5), { slowMs: 206 }],
    ['is slow as all are', samples(40, 805), samples(40, 700), undefined],
    ['is a little slower', samples(40, 60), samples(40, 5), undefined],
  ])('that %s', (_name, own, peer, outlier) => {
    expect(outlierAmong(own, [peer])).toEqual(outlier);
  });

  it('is judged by its last five seconds', async () => {
    const [own, peer] = [samples(40, 805), samples(40, 5)];
    expect(outlierAmong(own, [peer])).toBeDefined();
    await clock.advance(5_001);
    expect(outlierAmong(own, [peer])).toBeUndefined();
  });
});
