// clean
// (The other half of the cycle of first.ts, which is reported once.)
import type { First } from './first.ts';

export interface Second {
  readonly other?: First;
}
