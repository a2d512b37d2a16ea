import {
  Circle,
  CircleAlert,
  CircleCheck,
  CircleDot,
  CircleX,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';

export type TimelineItem = Readonly<{
  key: string;
  at: Date;
  tone: 'plain' | 'info' | 'good' | 'warn' | 'bad';
  title: string;
  detail: ReactNode;
  /** Opens below the entry: a raw notice, an explanation. */
  more?: ReactNode;
}>;

type Props = Readonly<{
  label: string;
  items: readonly TimelineItem[];
  /** Words for a pause, from its length in milliseconds. */
  pause: (ms: number) => string;
  /** The moment of an entry, as the page writes times. */
  time: (at: Date) => ReactNode;
}>;

/** A longer pause between two entries is drawn and named: that is where somebody waited. */
const PAUSE_MS = 5_000;

const TONES: Readonly<Record<TimelineItem['tone'], { icon: LucideIcon; colour: string }>> = {
  plain: { icon: Circle, colour: 'text-muted' },
  info: { icon: CircleDot, colour: 'text-info' },
  good: { icon: CircleCheck, colour: 'text-good' },
  warn: { icon: CircleAlert, colour: 'text-warn' },
  bad: { icon: CircleX, colour: 'text-bad' },
};

/** What happened, top to bottom, with the pauses in between. */
export function Timeline({ label, items, pause, time }: Props) {
  return (
    <ol aria-label={label} className="space-y-1">
      {items.map((item, at) => {
        const waitedMs = waited(items[at - 1], item);
        return (
          <li key={item.key}>
            {waitedMs < PAUSE_MS ? null : (
              <p className="ml-[0.6rem] border-l-2 border-dotted border-control py-1 pl-5 text-12 text-faint">
                {pause(waitedMs)}
              </p>
            )}
            <Entry item={item} time={time} />
          </li>
        );
      })}
    </ol>
  );
}

function Entry({ item, time }: { item: TimelineItem; time: Props['time'] }) {
  const { icon: Icon, colour } = TONES[item.tone];
  return (
    <div className="flex gap-3 py-1">
      <Icon aria-hidden size={20} strokeWidth={1.75} className={`mt-0.5 shrink-0 ${colour}`} />
      <div className="min-w-0 flex-1 space-y-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <span className="text-14 text-faint">{time(item.at)}</span>
          <span className={`font-semibold ${item.tone === 'bad' ? 'text-bad' : ''}`}>
            {item.title}
          </span>
          <span className="min-w-0 text-14 break-words text-muted">{item.detail}</span>
        </p>
        {item.more}
      </div>
    </div>
  );
}

function waited(before: TimelineItem | undefined, item: TimelineItem): number {
  return before === undefined ? 0 : item.at.getTime() - before.at.getTime();
}
