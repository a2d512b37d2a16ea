import { isGoingOn, type AnnouncementWire } from '@opora/contracts';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { When } from '../../shared/ui/when.tsx';
import type { Visit } from '../site/visit.ts';
import { statusWords } from './words.ts';

type Props = Readonly<{ items: readonly AnnouncementWire[]; visit: Visit }>;

/** What is told by people and goes on, or is planned: above everything that was measured. */
export function Told({ items, visit }: Props) {
  const words = statusWords[visit.language].told;
  const now = new Date();
  const going = items.filter((one) => isGoingOn(one, now));
  const planned = items.filter(({ from }) => Date.parse(from) > now.getTime()).toReversed();
  if (going.length + planned.length === 0) return null;
  return (
    <section className="space-y-4">
      <h2 className="text-22">{going.length === 0 ? words.planned : words.now}</h2>
      {[...going, ...planned].map((one) => (
        <article
          key={one.id}
          className="space-y-3 rounded-card border border-line bg-surface px-5 py-4"
        >
          <ToldHead one={one} visit={visit} />
          <Updates one={one} visit={visit} />
        </article>
      ))}
    </section>
  );
}

export function ToldHead({ one, visit }: { one: AnnouncementWire; visit: Visit }) {
  const words = statusWords[visit.language];
  const { kind, title, touches, from, to } = one;
  const touched = touches === 'all' ? words.told.everything : words.parts[touches].name;
  const isMaintenance = kind === 'maintenance';
  return (
    <div className="space-y-1">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <h3 className="text-18">{title[visit.language]}</h3>
        <Chip one={one} visit={visit} />
      </div>
      <p className="text-14 text-muted">
        {words.told.touches(touched)}. <When at={from} style="minute" visit={visit} />
        {isMaintenance && to !== null ? (
          <>
            {' '}
            – <When at={to} style="minute" visit={visit} />
          </>
        ) : null}
      </p>
    </div>
  );
}

function Chip({ one, visit }: { one: AnnouncementWire; visit: Visit }) {
  const { told } = statusWords[visit.language];
  const step = one.updates[0]?.step ?? null;
  const isOn = isGoingOn(one, new Date());
  const tone: Tone = step === 'resolved' ? 'good' : isOn ? 'warn' : 'info';
  const plan = isOn ? told.maintenance.going : told.maintenance.planned;
  return (
    <Status size="small" tone={tone}>
      {step === null ? plan : told.steps[step]}
    </Status>
  );
}

export function Updates({ one, visit }: { one: AnnouncementWire; visit: Visit }) {
  const { told } = statusWords[visit.language];
  return (
    <ol className="space-y-3 border-l-2 border-line pl-4">
      {one.updates.map(({ at, step, text }) => (
        <li key={at}>
          <p>
            {step === null ? null : <span className="font-semibold">{told.steps[step]}. </span>}
            {text[visit.language]}
          </p>
          <p className="text-12 text-muted">
            <When at={at} style="minute" visit={visit} />
          </p>
        </li>
      ))}
    </ol>
  );
}
