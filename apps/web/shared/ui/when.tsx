import type { Language } from '@opora/kernel';
import { formatWhen, type WhenStyle, type Zone } from '../words/when.ts';

type Props = Readonly<{
  at: string | Date;
  style: WhenStyle;
  visit: Readonly<{ language: Language; zone: Zone }>;
  /** Stands in a column: it is not broken into two lines. */
  isTight?: boolean;
}>;

/** A moment in the reader's language and zone; machines read it in UTC. */
export function When({ at, style, visit, isTight = false }: Props) {
  const moment = new Date(at);
  const iso = moment.toISOString();
  return (
    <time
      dateTime={iso}
      title={style === 'log' ? iso : undefined}
      className={style === 'log' || isTight ? 'whitespace-nowrap' : undefined}
    >
      {formatWhen(moment, style, visit)}
    </time>
  );
}
