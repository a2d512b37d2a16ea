import type { Visit } from '../site/visit.ts';

/** A time of today (the page's own unless given), as its reader's clock shows it. */
export function timeOfDay({ language, zone }: Visit, at = new Date()): string {
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
    timeZone: zone.name,
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}
