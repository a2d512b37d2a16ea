// flagged: @typescript-eslint/consistent-type-imports
import { Clock } from '@opora/kernel';

export type Time = Clock;
