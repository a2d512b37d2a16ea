import type { AnnouncementWire, StatusWire } from '@opora/contracts';
import { Status } from '../../shared/ui/status.tsx';
import { When } from '../../shared/ui/when.tsx';
import { formatWhen } from '../../shared/words/when.ts';
import type { Visit } from '../site/visit.ts';
import { ToldHead, Updates } from './told.tsx';
import { spanText, statusWords } from './words.ts';

type Outage = StatusWire['outages'][number];
type Event = Readonly<{ from: string } & ({ outage: Outage } | { told: AnnouncementWire })>;

/** What happened, day by day in the reader's zone, the newest first: as measured and as told. */
export function Past({ status, visit }: Readonly<{ status: StatusWire; visit: Visit }>) {
  const words = statusWords[visit.language].past;
  const events = eventsOf(status);
  const days = Map.groupBy(events, ({ from }) => formatWhen(new Date(from), 'day', visit));
  return (
    <section className="space-y-4">
      <h2 className="text-22">{words.title}</h2>
      {events.length === 0 ? <p className="text-muted">{words.none}</p> : null}
      {[...days].map(([day, those]) => (
        <div key={day} className="space-y-2">
          <h3 className="text-16">{day}</h3>
          <ul className="divide-y divide-line rounded-card border border-line bg-surface">
            {those.map((event) => (
              <li key={event.from} className="space-y-2 px-5 py-3">
                {'told' in event ? (
                  <>
                    <ToldHead one={event.told} visit={visit} />
                    <Updates one={event.told} visit={visit} />
                  </>
                ) : (
                  <Measured outage={event.outage} visit={visit} />
                )}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

/** Whatever people told of stands once: an interruption within it is part of that story. */
function eventsOf({ outages, announcements }: StatusWire): readonly Event[] {
  const now = Date.now();
  const over = announcements.filter(({ to }) => to !== null && Date.parse(to) <= now);
  const isTold = ({ from }: Outage): boolean =>
    over.some((one) => one.from <= from && from <= (one.to ?? from));
  const measured = outages.filter((outage) => !isTold(outage));
  return [
    ...over.map((told) => ({ from: told.from, told })),
    ...measured.map((outage) => ({ from: outage.from, outage })),
  ].sort((one, other) => Date.parse(other.from) - Date.parse(one.from));
}

function Measured({ outage: { from, to, parts }, visit }: { outage: Outage; visit: Visit }) {
  const words = statusWords[visit.language];
  const names = parts.map((part) => words.parts[part].name).join(', ');
  return (
    <div className="space-y-1">
      <p className="flex flex-wrap items-center justify-between gap-2">
        <span className="font-semibold">{words.past.hit(names)}</span>
        {to === null ? <Status tone="bad">{words.past.lasts}</Status> : null}
      </p>
      <p className="text-14 text-muted">
        <When at={from} style="minute" visit={visit} />
        {to === null ? null : `, ${spanText((Date.parse(to) - Date.parse(from)) / 1000, words)}`}
      </p>
    </div>
  );
}
