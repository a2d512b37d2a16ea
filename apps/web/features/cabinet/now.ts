import type { Visit } from '../site/visit.ts';

/** The time a page was made, as its reader's clock shows it. */
export function timeOfDay({ language, zone }: Visit): string {
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru' : 'en-GB', {
    timeZone: zone.name,
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date());
}
