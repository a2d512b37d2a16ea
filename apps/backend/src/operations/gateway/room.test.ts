import { beforeEach, describe, expect, it } from 'vitest';
import { LOOK_EVERY_MS, QUEUED_MS, Room, WAITING_LEAST, WAITING_MAX } from './room.ts';

let [room, nowMs] = [new Room(), 0];
beforeEach(() => {
  [room, nowMs] = [new Room(), 0];
});

/** So many looks, in each of which answers took so long. */
function looks(count: number, tookMs: readonly number[], waiting = WAITING_MAX): number {
  for (let at = 0; at < count; at += 1) {
    tookMs.forEach((took) => {
      room.note({ tookMs: took, waiting, nowMs: nowMs + 1 });
    });
    nowMs += LOOK_EVERY_MS;
    room.note({ tookMs: Infinity, waiting, nowMs });
  }
  return room.most;
}

describe('the room of an instance', () => {
  it('is whole while answers are quick, however many wait', () => {
    expect(looks(20, [QUEUED_MS - 1, 5_000])).toBe(WAITING_MAX);
  });

  it('shrinks within a second while all of them wait, never to nothing, and comes back', () => {
    expect(looks(10, [QUEUED_MS + 1])).toBeLessThan(2 * WAITING_LEAST);
    expect(looks(50, [QUEUED_MS + 1])).toBe(WAITING_LEAST);
    expect(looks(30, [1])).toBe(WAITING_MAX);
  });

  it('knows slow work from a queue: few wait, or one of them was quick', () => {
    expect(looks(20, [5_000], WAITING_LEAST - 1)).toBe(WAITING_MAX);
    expect(looks(20, [5_000, 5_000, 1])).toBe(WAITING_MAX);
  });
});
