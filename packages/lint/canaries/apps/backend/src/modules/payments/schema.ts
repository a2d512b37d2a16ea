// clean
import { defineEntity } from '@mikro-orm/core';

export const define = defineEntity;
export interface Tables {
  readonly payment: string;
}
