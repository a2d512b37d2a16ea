/** Numbers that make requests and rows distinct: 13 digits, so that texts with them are one length. */
export const UNIQUE_DIGITS = 13;

/** Stands for such a number in a statement that is recorded once and repeated with others. */
export const SAMPLE = 9_123_456_789_012;

const TURN = 100_000_000;
const FIRST = 1_000_000_000_000;
let turns = 0;

/** Where the numbers of the next turn begin; a turn uses fewer than a hundred million. */
export function nextTurn(): number {
  turns += 1;
  return FIRST + turns * TURN;
}
