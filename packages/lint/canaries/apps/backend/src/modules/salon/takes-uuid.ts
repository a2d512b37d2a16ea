// flagged: house/no-ambient-chance
import { randomUUID } from 'node:crypto';

export const id = randomUUID();
