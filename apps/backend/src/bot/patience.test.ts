import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { inTime, withPatience } from './patience.ts';

describe('patience', () => {
  it('announces slow work once, and quick work never', async () => {
    const clock = createManualClock();
    let announced = 0;
    const onSlow = async (): Promise<void> => {
      announced += 1;
    };
    expect(await withPatience(clock, Promise.resolve(1), onSlow)).toBe(1);
    await clock.advance(5_000);
    expect(announced).toBe(0);
    const work = clock.sleep(2_000).then(() => 2);
    const slow = withPatience(clock, work, onSlow);
    await clock.advance(900);
    expect(announced).toBe(1);
    await clock.advance(1_200);
    expect(await slow).toBe(2);
    expect(announced).toBe(1);
  });

  it('goes without an extra that is late or fails', async () => {
    const clock = createManualClock();
    const work = clock.sleep(5_000).then(() => 7);
    const late = inTime(clock, 1_000, work);
    await clock.advance(1_000);
    expect(await late).toBeUndefined();
    const away: Promise<number> = Promise.reject(new Error('away'));
    expect(await inTime(clock, 1_000, away)).toBeUndefined();
    expect(await inTime(clock, 1_000, Promise.resolve(7))).toBe(7);
  });
});
