/**
 * How often something may happen: a sliding window per key, in the memory of one process. It never
 * lets more than the limit through in any window; what left the window is forgotten a tenth of a
 * window late. Bounded: the key that was idle longest gives way.
 */
export { SlidingWindow, type Taken } from './sliding-window.ts';
