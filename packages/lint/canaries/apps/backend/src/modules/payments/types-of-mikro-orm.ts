// clean
import type { EntitySchema } from '@mikro-orm/core';

export type Schema = EntitySchema;
