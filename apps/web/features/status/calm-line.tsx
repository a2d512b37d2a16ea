import { isGoingOn } from '@opora/contracts';
import type { Visit } from '../site/visit.ts';
import { lastStatus } from './current-status.ts';
import { statusWords } from './words.ts';

/**
 * One calm line on every page of customers while something is announced. It tells by the last copy
 * and waits for nobody: a page must not be late because the monitor is.
 */
export function CalmLine({ visit }: { visit: Visit }) {
  const { told } = statusWords[visit.language];
  const now = new Date();
  const newest = lastStatus()?.announcements.find((one) => isGoingOn(one, now));
  // The status page tells the whole of it.
  if (newest === undefined || visit.path.startsWith('/status')) return null;
  return (
    <p className="border-t border-line bg-info-soft px-4 py-2 text-center text-14 text-info">
      {told.calm[newest.kind](newest.title[visit.language])}.{' '}
      <a href="/status" className="inline-flex min-h-6 items-center underline underline-offset-4">
        {told.more}
      </a>
    </p>
  );
}
