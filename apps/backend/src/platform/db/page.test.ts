import { describe, expect, it } from 'vitest';
import { CursorInvalid, pageWish, toPage, type PageKey } from './page.ts';

const key = (id: string): PageKey => ({ at: new Date('2026-11-24T14:02:11.000Z'), id });
const same = (row: PageKey): PageKey => row;

describe('a cursor', () => {
  it('goes there and back', () => {
    const { older } = toPage([key('b'), key('a')], { limit: 1 }, same);
    expect(older).toBe('2026-11-24T14:02:11.000Z_b');
    expect(pageWish({ after: older ?? '', limit: 1 }).after).toEqual(key('b'));
  });

  it.each(['', 'x', '2026-11-24T14:02:11.000Z', '2026-13-45T14:02:11.000Z_a', "2026_'; drop"])(
    'written by hand (%j) is refused',
    (after) => {
      expect(() => pageWish({ after, limit: 1 })).toThrow(CursorInvalid);
    },
  );
});

describe('a page', () => {
  it('has no neighbours when everything is on it', () => {
    expect(toPage([key('a')], { limit: 1 }, same)).toEqual({
      items: [key('a')],
      older: null,
      newer: null,
    });
  });

  it('read backwards comes newest first and knows both neighbours', () => {
    const rows = [key('b'), key('c'), key('d')];
    const page = toPage(rows, { before: key('a'), limit: 2 }, same);
    expect(page.items.map(({ id }) => id)).toEqual(['c', 'b']);
    expect(page.older).toMatch(/_b$/);
    expect(page.newer).toMatch(/_c$/);
  });
});
