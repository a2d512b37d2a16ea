/**
 * The administration: what staff sees and does, composed of the other modules' services; it has no
 * table of its own. Lists are pages by key, every figure is one bounded question, every act is done
 * once per key with its audit entry in the same transaction.
 */
export type { AdminParts } from './deps.ts';
