// clean
'use client';

import type { API } from '@opora/contracts';
import type { path } from './names-contracts.ts';

export type Both = [typeof API, typeof path];
