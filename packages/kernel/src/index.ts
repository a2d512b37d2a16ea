/**
 * The kernel: pure values and the two interfaces (clock, ids) everything else is given.
 * It imports nothing, does no I/O, and knows no business.
 */
export { assert, assertNever } from './assert.ts';
export type { Clock } from './clock.ts';
export { DomainError, OperationalError, type ErrorKind, type Facts } from './errors.ts';
export { createManualClock, type ManualClock } from './manual-clock.ts';
export { ID_PREFIXES, type IdPrefix, type Ids } from './ids.ts';
export {
  addMoney,
  allocate,
  compareMoney,
  CURRENCIES,
  currencyScale,
  formatMajor,
  formatMoney,
  isCurrency,
  isPositive,
  money,
  MoneyFormatError,
  parseMajor,
  percent,
  sameMoney,
  subtractMoney,
  type Currency,
  type Language,
  type Money,
  type Rounding,
} from './money.ts';
export { Secret } from './secret.ts';
