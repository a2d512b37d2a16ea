/**
 * Rows as RFC 4180, safe to open in a spreadsheet: a text that a spreadsheet would take for a formula
 * begins with an apostrophe; numbers stay numbers.
 */

/** Text, an exact number as decimal text, or nothing. */
export type Cell = string | Readonly<{ number: string }> | null;

/** Spreadsheets skip what is blank before a sign, and take full-width signs for the plain ones. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u;
const NUMBER = /^-?\d+(\.\d+)?$/;
/** Says UTF-8 to spreadsheets that would guess another. */
export const BOM = '\uFEFF';

/** One line with its end. A number that is none is a bug of ours. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cell).join(',')}\r\n`;
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'object') {
    if (!NUMBER.test(value.number)) throw new TypeError(`${value.number} is no number`);
    return value.number;
  }
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
