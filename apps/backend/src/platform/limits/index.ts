/**
 * How often something may happen: a sliding window per key, in the memory of one process or in one
 * store for several. It never lets more than the limit through in any window; what left the window is
 * forgotten a tenth of a window late. Bounded: the key that was idle longest gives way; in the store
 * keys expire after two windows.
 */
export { SharedWindow, type LimitStore } from './shared-window.ts';
export { SlidingWindow, type Limit, type Taken } from './sliding-window.ts';
export { createStoreWindow } from './store-window.ts';
