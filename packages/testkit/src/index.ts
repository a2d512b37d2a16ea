/** What tests share: time that obeys them, and the odd things the world sends. For tests only. */
export { createManualClock, type ManualClock } from '@opora/kernel';
export { beginCounting, countWork } from './fuzz/count-work.ts';
export { mutatedBytes, mutatedJson, neighbours, readAt, replacedAt } from './fuzz/mutations.ts';
export { anyBody, anyJson, anyText, MEGABYTE, oddJsonText } from './fuzz/odd-input.ts';
export { fuzzed, fuzzTimeout } from './fuzz-setup.ts';
