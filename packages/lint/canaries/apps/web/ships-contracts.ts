// flagged: house/no-contracts-in-browser
'use client';

import { API } from '@opora/contracts';

export const path = API;
