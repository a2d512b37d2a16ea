import type { StatusWire } from '@opora/contracts';
import { Status } from '../../shared/ui/status.tsx';
import { When } from '../../shared/ui/when.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import type { Visit } from '../site/visit.ts';
import { spanText, statusWords } from './words.ts';

type Outage = StatusWire['outages'][number];
type Props = Readonly<{ outages: readonly Outage[]; visit: Visit }>;

/** What happened, day by day in the reader's zone, the newest first. */
export function Past({ outages, visit }: Props) {
  const words = statusWords[visit.language].past;
  const days = Map.groupBy(outages, ({ from }) => formatWhen(new Date(from), 'day', visit));
  return (
    <section className="space-y-4">
      <h2 className="text-22">{words.title}</h2>
      {outages.length === 0 ? <p className="text-muted">{words.none}</p> : null}
      {[...days].map(([day, those]) => (
        <div key={day} className="space-y-2">
          <h3 className="text-16">{day}</h3>
          <ul className="divide-y divide-line rounded-card border border-line bg-surface">
            {those.map((outage) => (
              <li key={outage.from} className="space-y-1 px-5 py-3">
                <Told outage={outage} visit={visit} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

function Told({ outage: { from, to, parts }, visit }: { outage: Outage; visit: Visit }) {
  const words = statusWords[visit.language];
  const names = parts.map((part) => words.parts[part].name).join(', ');
  return (
    <>
      <p className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-semibold">{words.past.hit(names)}</span>
        {to === null ? <Status tone="bad">{words.past.lasts}</Status> : null}
      </p>
      <p className="text-14 text-muted">
        <When at={from} style="minute" visit={visit} />
        {to === null ? null : `, ${spanText((Date.parse(to) - Date.parse(from)) / 1000, words)}`}
      </p>
    </>
  );
}
