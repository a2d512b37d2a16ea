import { describe, expect, it } from 'vitest';
import { csvLine } from './csv.ts';

/** A reader of RFC 4180, written from its grammar: what a spreadsheet sees in the cells. */
function readLine(line: string): string[] {
  const cells: string[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    cells.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\r\n') break;
  }
  expect(pattern.lastIndex, 'the whole line was read').toBe(line.length);
  return cells;
}

const HOSTILE = [
  '=1+1',
  '+7 900',
  '-1',
  '@SUM(A1)',
  '\t=1',
  '\r=1',
  '\n=1',
  '  =cmd|calc',
  '＝1+1',
  '＋1',
  '－1',
  '＠x',
  '\u00a0=1',
];
const HARMLESS = [
  'Olga',
  'a "quoted" name',
  'one, two',
  'line\r\nbreak',
  'a=b',
  'Ольга',
  '',
  "it's",
];

describe('a cell', () => {
  it.each(HOSTILE)('%j is never a formula', (text) => {
    expect(readLine(csvLine([text]))).toEqual([`'${text}`]);
  });

  it.each(HARMLESS)('%j comes back as it was', (text) => {
    expect(readLine(csvLine([text, 'next']))).toEqual([text, 'next']);
  });

  it('with a number stays one, also below zero, and nothing stays nothing', () => {
    expect(csvLine([{ number: '199.00' }, { number: '-5' }, null])).toBe('199.00,-5,\r\n');
    expect(() => csvLine([{ number: '=1' }])).toThrow(TypeError);
  });
});
