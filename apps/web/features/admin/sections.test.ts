import { readFileSync } from 'node:fs';
import { API, isStaffPermission, STEP_UP_PERMISSIONS } from '@opora/contracts';
import { expect, it } from 'vitest';
import { SECTIONS, type SectionName } from './sections.ts';
import { shellWords } from './words/shell.ts';

const page = readFileSync(
  new URL('../../../../docs/operating/administration.md', import.meta.url),
  'utf8',
);
const acts = Object.values(API.acts).map(({ perform }) => perform);

it.each(Object.keys(SECTIONS))('the section %s has its line in the document', (name) => {
  const title = shellWords.en.pages[name as SectionName]; // its own keys
  expect(page).toMatch(new RegExp(`^\\| \\[?${title}\\b`, 'm'));
});

it.each(acts)('$path is told in the document, with its second factor', ({ path, permission }) => {
  const name = path.split('/').at(-1) ?? path;
  const row = page
    .split('\n')
    .find((line) => line.startsWith('| `') && line.includes(`\`${name}\``));
  expect(row, name).toBeDefined();
  const cell = row?.split('|')[1] ?? '';
  const isHeavy = isStaffPermission(permission) && STEP_UP_PERMISSIONS.has(permission);
  expect(cell.includes(`\`${name}\` †`), `${name} †`).toBe(isHeavy);
});
