import { CircleAlert, CircleCheck, CircleMinus, CircleX, Info } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'plain';

const TONES = {
  good: { icon: CircleCheck, colours: 'bg-good-soft text-good' },
  warn: { icon: CircleAlert, colours: 'bg-warn-soft text-warn' },
  bad: { icon: CircleX, colours: 'bg-bad-soft text-bad' },
  info: { icon: Info, colours: 'bg-info-soft text-info' },
  plain: { icon: CircleMinus, colours: 'bg-sunken text-muted' },
};

/** A state in words. The tone is never alone: it always has its icon and its text. */
export function Status({ tone, children }: { tone: Tone; children: ReactNode }) {
  const { icon: Icon, colours } = TONES[tone];
  return (
    <span
      className={`inline-flex items-center gap-2 rounded-full px-3 py-1 text-14 font-semibold ${colours}`}
    >
      <Icon aria-hidden size={20} strokeWidth={1.75} className="shrink-0" />
      <span>{children}</span>
    </span>
  );
}
