/**
 * What customers are told of staying up: from the monitor's looks to five parts and the ways to pay,
 * with ninety days of history. It belongs to the monitor: no module, no database, one file.
 * A part `works`, works `partly` (an instance is missing), is `down`, or is `unknown`. Looked at
 * every 5 s; time in which the monitor itself was away is not counted.
 */
export { createOutsideLook } from './outside.ts';
export { openPublicStatus, type PublicStatus } from './service.ts';
