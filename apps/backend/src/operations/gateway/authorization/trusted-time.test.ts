import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { TrustedTime } from './trusted-time.ts';

function setUp() {
  const manual = createManualClock();
  let shiftMs = 0;
  const clock = { ...manual, now: () => new Date(manual.now().getTime() + shiftMs) };
  return {
    manual,
    clock,
    time: new TrustedTime(clock),
    shift: (ms: number) => (shiftMs = ms),
  };
}

describe('the clock of a gateway (R6)', () => {
  it('is believed while it runs with the monotonic one', async () => {
    const { manual, time } = setUp();
    await manual.advance(3_600_000);
    expect(time.isTrusted).toBe(true);
  });

  it('is not after a jump, either way, until auth is heard again', () => {
    for (const ms of [-5_001, 5_001]) {
      const { time, clock, shift } = setUp();
      shift(ms);
      expect(time.isTrusted).toBe(false);
      time.meet(clock.now());
      expect(time.isTrusted).toBe(true);
    }
  });

  it('is not when the auth service has another time', () => {
    const { time, clock } = setUp();
    time.meet(new Date(clock.now().getTime() + 5_001));
    expect(time.isTrusted).toBe(false);
  });

  it('is not behind what was seen before a restart', () => {
    const { time, clock } = setUp();
    time.restore(clock.now().getTime() + 60_000);
    expect(time.isTrusted).toBe(true);
    time.restore(clock.now().getTime() + 60_001);
    expect(time.isTrusted).toBe(false);
  });
});
