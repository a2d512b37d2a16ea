import type { Language } from '@opora/kernel';
import { formatWhen, type WhenStyle, type Zone } from '../words/when.ts';

type Props = Readonly<{
  at: string | Date;
  style: WhenStyle;
  visit: Readonly<{ language: Language; zone: Zone }>;
}>;

/** A moment in the reader's language and zone; machines read it in UTC. */
export function When({ at, style, visit }: Props) {
  const moment = new Date(at);
  const iso = moment.toISOString();
  return (
    <time
      dateTime={iso}
      title={style === 'log' ? iso : undefined}
      className={style === 'log' ? 'whitespace-nowrap' : undefined}
    >
      {formatWhen(moment, style, visit)}
    </time>
  );
}
