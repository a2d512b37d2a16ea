import { describe, expect, it } from 'vitest';
import { chosen } from './choice.ts';

const all = { only: undefined, after: undefined, pointsMax: undefined };
const passed = ['before the commit of b #1', 'after the commit of b #1', 'before the call a #1'];

describe('the choice of points', () => {
  it('is all of them in the order of their names, however they were passed', () => {
    const inOrder = [passed[1], passed[2], passed[0]];
    expect(chosen(passed, all)).toEqual(inOrder);
    expect(chosen(passed.toReversed(), all)).toEqual(inOrder);
  });

  it('goes on after the last point of another run, and misses none between the two', () => {
    const first = chosen(passed, { ...all, pointsMax: 1 });
    const rest = chosen(passed.toReversed(), { ...all, after: first[0] });
    expect([...first, ...rest]).toEqual(chosen(passed, all));
  });

  it('is what fits the name, and of that so many, evenly spread', () => {
    expect(chosen(passed, { ...all, only: /call|after/ })).toHaveLength(2);
    const many = Array.from({ length: 10 }, (_, at) => `point ${String(at)} #1`);
    expect(chosen(many, { ...all, pointsMax: 2 })).toEqual(['point 0 #1', 'point 5 #1']);
  });
});
