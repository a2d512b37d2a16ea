/**
 * Callers that wait together go to the database together: `createBatcher` commits what they bring,
 * `createGatherer` answers what they ask. One that is alone never waits.
 */
export { createBatcher, type Batcher } from './batcher.ts';
export { createGatherer } from './gather.ts';
