// flagged: house/no-contracts-in-browser
'use client';

import { path } from './names-contracts.ts';

export const mine = path;
