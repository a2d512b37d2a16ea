/** What tests share: time that obeys them. Imported by tests only. */
export { createManualClock, type ManualClock } from './manual-clock.ts';
