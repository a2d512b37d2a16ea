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

const SIZES = {
  normal: { shape: 'gap-2 px-3 py-1 text-14', icon: 20 },
  small: { shape: 'gap-1 px-2 py-0.5 text-12 whitespace-nowrap', icon: 14 },
};

type Props = Readonly<{ tone: Tone; size?: keyof typeof SIZES; children: ReactNode }>;

/** A state in words. The tone is never alone: it always has its icon and its text. */
export function Status({ tone, size = 'normal', children }: Props) {
  const { icon: Icon, colours } = TONES[tone];
  const { shape, icon } = SIZES[size];
  return (
    <span className={`inline-flex items-center rounded-full font-semibold ${shape} ${colours}`}>
      <Icon aria-hidden size={icon} strokeWidth={1.75} className="shrink-0" />
      <span>{children}</span>
    </span>
  );
}
