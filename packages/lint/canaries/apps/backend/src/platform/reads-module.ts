// flagged: left-only-platform
import type { catalog } from '../modules/catalog/index.ts';

export type Name = typeof catalog;
