import { expect, it } from 'vitest';
import { formatWhen, type WhenStyle } from './when.ts';

const at = new Date('2026-12-24T21:30:05Z');
const said = (style: WhenStyle, language: 'ru' | 'en', zone: string, isTheirs: boolean) =>
  formatWhen(at, style, { language, zone: { name: zone, isTheirs } }).replaceAll('\u00a0', ' ');

it('is said in the reader’s zone, which may be another day', () => {
  expect(said('day', 'ru', 'Europe/Moscow', true)).toBe('25 декабря 2026');
  expect(said('day', 'en', 'Europe/London', true)).toBe('24 December 2026');
  expect(said('minute', 'ru', 'Europe/Moscow', true)).toBe('25 декабря 2026, 00:30');
});

it('names the zone when it is not known to be the reader’s', () => {
  expect(said('minute', 'en', 'UTC', false)).toBe('24 December 2026, 21:30 (UTC)');
});

it('is written for staff in UTC with seconds', () => {
  expect(said('log', 'en', 'Asia/Tokyo', true)).toBe('24 Dec 21:30:05');
  expect(said('log', 'ru', 'Asia/Tokyo', true)).toBe('24 дек 21:30:05');
});
