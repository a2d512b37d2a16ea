import { describe, expect, it } from 'vitest';
import type { StatusState } from '@opora/contracts';
import { bookSchema, emptyBook, GAP_MAX_MS, note, type Book } from './book.ts';
import { present } from './present.ts';

const START = new Date('2026-11-24T10:00:00.000Z');
const after = (seconds: number, from = START): Date => new Date(from.getTime() + seconds * 1000);
const all = (state: StatusState) => new Map<string, StatusState>([['buying', state]]);

/** Looks every five seconds, `state` for each, from one second to another. */
function watched(book: Book, state: StatusState, from: number, to: number): Book {
  let now = book;
  for (let at = from; at <= to; at += 5) now = note(now, all(state), after(at));
  return now;
}

const buying = (book: Book) => present(book, undefined).parts.find(({ part }) => part === 'buying');

describe('the book of what worked', () => {
  it('counts time by what was seen at its beginning', () => {
    let book = watched(emptyBook(START), 'works', 0, 600);
    book = watched(book, 'down', 605, 660);
    book = watched(book, 'works', 665, 1200);
    expect(buying(book)).toMatchObject({
      state: 'works',
      days: [{ day: '2026-11-24', measuredS: 1200, downS: 60, partlyS: 0 }],
      uptime: { days30: 0.95, days90: 0.95 },
    });
    expect(book.outages).toEqual([
      { from: after(605).toISOString(), to: after(665).toISOString(), parts: ['buying'] },
    ]);
  });

  it('does not vouch for time in which nobody looked', () => {
    let book = watched(emptyBook(START), 'works', 0, 60);
    book = note(book, all('works'), after(60 + GAP_MAX_MS / 1000 + 1));
    expect(buying(book)?.days[0]?.measuredS).toBe(60);
    book = note(book, all('unknown'), after(90));
    book = note(book, all('works'), after(95));
    // Nine seconds after the silence, then five in which nobody knew.
    expect(buying(book)?.days[0]?.measuredS).toBe(69);
  });

  it('gives each day its own part of the night', () => {
    const eve = new Date('2026-11-24T23:59:58.000Z');
    let book = note(emptyBook(eve), all('down'), eve);
    book = note(book, all('down'), after(5, eve));
    expect(buying(book)?.days).toEqual([
      { day: '2026-11-24', measuredS: 2, downS: 2, partlyS: 0 },
      { day: '2026-11-25', measuredS: 3, downS: 3, partlyS: 0 },
    ]);
  });

  it('forgets after ninety days, and a way that is sold no more with them', () => {
    const way = new Map<string, StatusState>([...all('works'), ['way:old', 'works']]);
    let book = note(emptyBook(START), way, START);
    book = note(book, way, after(5));
    expect(Object.keys(book.lines)).toContain('way:old');
    book = note(book, all('works'), after(90 * 86_400));
    expect(Object.keys(book.lines)).toEqual(['buying']);
    expect(buying(book)).toMatchObject({ days: [], uptime: { days30: null, days90: null } });
  });

  it('tells of one outage with all that it hit, and of no blink', () => {
    const down = (...parts: string[]) =>
      new Map<string, StatusState>(
        ['buying', 'bot'].map((part) => [part, parts.includes(part) ? 'down' : 'works']),
      );
    let book = note(emptyBook(START), down('bot'), after(5));
    book = note(book, down(), after(10));
    expect(book.outages).toEqual([]);
    book = note(book, down('bot'), after(15));
    book = note(book, down('buying', 'bot'), after(20));
    book = note(book, down('buying'), after(25));
    expect(present(book, undefined).outages).toEqual([
      { from: after(15).toISOString(), to: null, parts: ['buying', 'bot'] },
    ]);
    book = note(book, new Map([['buying', 'unknown']]), after(30));
    expect(book.outages[0]?.to).toBeNull();
    book = note(book, down(), after(35));
    expect(book.outages).toHaveLength(1);
    expect(book.outages[0]?.to).toBe(after(35).toISOString());
  });

  it('survives being written down', () => {
    const book = watched(emptyBook(START), 'partly', 0, 20);
    expect(bookSchema.parse(JSON.parse(JSON.stringify(book)))).toEqual(book);
  });
});
