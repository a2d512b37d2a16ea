import type { StatusWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Strip } from '../../shared/ui/strip.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import { isTroubled, shareText, stripOf, type StripDay } from './history.ts';
import { spanText, statusWords } from './words.ts';

type Line = Pick<StatusWire['parts'][number], 'days' | 'uptime'>;
type Props = Readonly<{ line: Line; at: string; language: Language }>;

/** Days are counted in UTC, so they are named in it. */
const UTC = { name: 'UTC', isTheirs: true } as const;

/** Ninety days of one part: the strip, its figures, and the bad days as a table. */
export function PartHistory({ line, at, language }: Props) {
  const words = statusWords[language];
  const strip = stripOf(line.days, at);
  const dayName = (day: string) => formatWhen(new Date(day), 'day', { language, zone: UTC });
  const bars = strip.map(({ day, tone, downS, partlyS }) => ({
    ...{ key: day, tone },
    title: `${dayName(day)}: ${words.history.tones[tone]} ${spanText(downS || partlyS, words)}`,
  }));
  const troubled = strip.filter(isTroubled);
  return (
    <div className="space-y-1">
      <Strip label={summaryOf(strip, language)} bars={bars} />
      <p className="flex flex-wrap items-baseline justify-between gap-x-3 text-12 text-muted">
        <span className="max-sm:sr-only">{words.history.ago}</span>
        <Uptime uptime={line.uptime} language={language} />
        <span className="max-sm:sr-only">{words.history.today}</span>
      </p>
      {troubled.length === 0 ? null : (
        <Troubled days={troubled} language={language} nameOf={dayName} />
      )}
    </div>
  );
}

export function Uptime({ uptime, language }: Pick<Line, 'uptime'> & { language: Language }) {
  const { history } = statusWords[language];
  if (uptime.days90 === null) return <span>{history.none}</span>;
  const of90 = history.ofDays90(shareText(uptime.days90, language));
  return (
    <span>
      {uptime.days30 === null
        ? of90
        : `${history.ofDays30(shareText(uptime.days30, language))} · ${of90}`}
    </span>
  );
}

function summaryOf(strip: readonly StripDay[], language: Language): string {
  const words = statusWords[language];
  const measured = strip.filter(({ tone }) => tone !== 'none').length;
  if (measured === 0) return words.history.none;
  const down = strip.filter(({ downS }) => downS > 0);
  const lostS = down.reduce((sum, { downS }) => sum + downS, 0);
  return lostS === 0
    ? words.history.calm(measured)
    : words.history.troubled(spanText(lostS, words), down.length);
}

function Troubled(props: {
  days: readonly StripDay[];
  language: Language;
  nameOf: (day: string) => string;
}) {
  const words = statusWords[props.language];
  const { asTable, day, lost, partly } = words.history;
  return (
    <details className="text-12 text-muted">
      <summary className="inline-flex min-h-6 items-center underline underline-offset-4">
        {asTable}
      </summary>
      <table className="mt-1 w-full max-w-120">
        <thead>
          <tr className="text-left">
            <th scope="col">{day}</th>
            <th scope="col" className="text-right">
              {lost}
            </th>
            <th scope="col" className="text-right">
              {partly}
            </th>
          </tr>
        </thead>
        <tbody>
          {props.days.toReversed().map((each) => (
            <tr key={each.day}>
              <th scope="row" className="text-left font-normal">
                {props.nameOf(each.day)}
              </th>
              <td className="text-right">{spanText(each.downS, words)}</td>
              <td className="text-right">{spanText(each.partlyS, words)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
