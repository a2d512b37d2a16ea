import type { StatusState, StatusWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { CircleAlert, CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import { Status, type Tone } from '../../shared/ui/status.tsx';
import { When } from '../../shared/ui/when.tsx';
import type { Visit } from '../site/visit.ts';
import { overallOf } from './history.ts';
import { PartHistory, Uptime } from './part-history.tsx';
import { Past } from './past.tsx';
import type { StatusAnswer } from './status-source.ts';
import { Told } from './told.tsx';
import { statusWords } from './words.ts';

const TONES: Readonly<Record<StatusState, Tone>> = {
  works: 'good',
  partly: 'warn',
  down: 'bad',
  unknown: 'plain',
};

const BANNERS = {
  works: { icon: CircleCheck, ground: 'border-good bg-good-soft', ink: 'text-good' },
  partly: { icon: CircleAlert, ground: 'border-warn bg-warn-soft', ink: 'text-warn' },
  down: { icon: CircleX, ground: 'border-bad bg-bad-soft', ink: 'text-bad' },
  unknown: { icon: CircleMinus, ground: 'border-line bg-sunken', ink: 'text-muted' },
} as const;

type Props = Readonly<{ answer: StatusAnswer; visit: Visit }>;

/** Whether it works and did, in words a customer reads; complete without scripts. */
export function StatusView({ answer, visit }: Props) {
  const words = statusWords[visit.language];
  if (answer.state === 'absent') {
    return (
      <div className="max-w-[760px]">
        <Banner state="unknown" title={words.silent} text={words.silentSafe} />
      </div>
    );
  }
  const { state, status } = answer;
  return (
    <div className="max-w-[760px] space-y-10">
      <div className="space-y-3">
        <Head status={status} isStale={state === 'stale'} language={visit.language} />
        <p className="text-14 text-muted">
          {state === 'stale' ? words.stale : words.asOf}{' '}
          <When at={status.at} style="minute" visit={visit} />
          {state === 'stale' ? null : `, ${words.renews}`}
        </p>
      </div>
      <Told items={status.announcements} visit={visit} />
      <Parts status={status} visit={visit} />
      {status.ways.length === 0 ? null : <Ways status={status} language={visit.language} />}
      <Past status={status} visit={visit} />
      <p className="text-14 text-muted">
        {words.history.since} <When at={status.measuredSince} style="day" visit={visit} />.{' '}
        {words.history.how}
      </p>
    </div>
  );
}

function Head(props: { status: StatusWire; isStale: boolean; language: Language }) {
  const words = statusWords[props.language];
  if (props.isStale) {
    return <Banner state="unknown" title={words.silent} text={words.silentSafe} />;
  }
  const overall = overallOf(props.status);
  const isOnlyWays = overall === 'partly' && props.status.parts.every(isFine);
  const text = isOnlyWays ? words.waysAbout : overall === 'works' ? words.fine : words.safe;
  return <Banner state={overall} title={words.overall[overall]} text={text} />;
}

const isFine = ({ state }: StatusWire['parts'][number]): boolean =>
  state === 'works' || state === 'unknown';

function Banner({ state, title, text }: { state: StatusState; title: string; text: string }) {
  const { icon: Icon, ground, ink } = BANNERS[state];
  return (
    <div className={`flex items-start gap-4 rounded-card border p-5 sm:p-6 ${ground}`}>
      <Icon aria-hidden size={36} strokeWidth={1.75} className={`shrink-0 ${ink}`} />
      <div className="space-y-1">
        <h1 className="text-28">{title}</h1>
        <p>{text}</p>
      </div>
    </div>
  );
}

function Parts({ status, visit: { language } }: { status: StatusWire; visit: Visit }) {
  const words = statusWords[language];
  return (
    <ul className="divide-y divide-line rounded-card border border-line bg-surface">
      {status.parts.map(({ part, state, ...line }) => (
        <li key={part} className="space-y-3 px-5 py-4">
          <div className="flex items-start justify-between gap-4">
            <div>
              <h2 className="text-18">{words.parts[part].name}</h2>
              <p className="text-14 text-muted">{words.parts[part].about}</p>
            </div>
            <span className="shrink-0">
              <Status tone={TONES[state]}>{words.states[state]}</Status>
            </span>
          </div>
          <PartHistory line={line} at={status.at} language={language} />
        </li>
      ))}
    </ul>
  );
}

function Ways({ status, language }: { status: StatusWire; language: Language }) {
  const words = statusWords[language];
  return (
    <section className="space-y-3">
      <div>
        <h2 className="text-22">{words.ways}</h2>
        <p className="text-muted">{words.waysAbout}</p>
      </div>
      <ul className="grid overflow-hidden rounded-card border border-line bg-surface sm:grid-cols-2">
        {status.ways.map(({ way, title, state, uptime }) => (
          <li
            key={way}
            className="-mt-px flex min-h-16 items-center justify-between gap-3 border-t border-line px-5 py-3 sm:odd:border-r"
          >
            <span>
              <span className="block font-semibold">{title[language]}</span>
              <span className="block text-12 text-muted">
                <Uptime uptime={{ ...uptime, days30: null }} language={language} />
              </span>
            </span>
            <Status size="small" tone={state === 'down' ? 'warn' : TONES[state]}>
              {state === 'down' ? words.rests : words.states[state]}
            </Status>
          </li>
        ))}
      </ul>
    </section>
  );
}
