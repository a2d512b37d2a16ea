import { API } from '@opora/contracts';
import { cache } from 'react';
import { readEnvironment } from '../../shared/environment.ts';
import { createStatusSource } from './status-source.ts';

/** The monitor answers from its memory; a page does not wait long for it. */
const TIMEOUT_MS = 2_000;

const source = createStatusSource({
  load: async () => {
    const { healthUrl } = readEnvironment();
    if (healthUrl === undefined) throw new Error('no monitor is named');
    const answer = await fetch(new URL(API.status.read.path, healthUrl), {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (!answer.ok) throw new Error(`the monitor answered ${String(answer.status)}`);
    const body: unknown = await answer.json();
    return body;
  },
  now: () => new Date(),
});

/** The status for this request: every part of a page tells the same. */
export const currentStatus = cache(source.read);

/** What was told last, without waiting. */
export const lastStatus = source.last;
