import { expect, it } from 'vitest';
import { isEqualText } from './index.ts';

it.each([
  ['secret', 'secret', true],
  ['', '', true],
  ['secret', 'Secret', false],
  ['secre', 'secret', false],
  ['secret ', 'secret', false],
  ['', 'secret', false],
])('compares %j with %j: %s', (given, expected, isEqual) => {
  expect(isEqualText(given, expected)).toBe(isEqual);
});
