// flagged: house/no-ambient-time
import { setTimeout as delay } from 'node:timers/promises';

export const wait = async (): Promise<void> => delay(10);
