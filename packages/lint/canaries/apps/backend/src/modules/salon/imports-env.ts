// flagged: house/no-ambient-env
import { env as own } from 'node:process';

export const home = own['HOME'];
