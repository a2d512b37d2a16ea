import type { Tone } from './status.tsx';

const FILLS: Record<Tone, string> = {
  good: 'fill-good',
  warn: 'fill-warn',
  bad: 'fill-bad',
  info: 'fill-info',
  plain: 'fill-muted',
};

type Props = Readonly<{
  label: string;
  /** The same in words: what speech reads instead of a number. */
  text: string;
  value: number;
  max: number;
  tone: Tone;
}>;

/** How much of a whole. Drawn with SVG attributes, because our pages take no inline styles. */
export function Meter({ label, text, value, max, tone }: Props) {
  const held = Math.min(Math.max(value, 0), max);
  return (
    <svg
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={held}
      aria-valuetext={text}
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      className="block h-2 w-full overflow-hidden rounded-full"
    >
      <rect width="100" height="8" className="fill-line" />
      <rect width={max === 0 ? 0 : (held / max) * 100} height="8" className={FILLS[tone]} />
    </svg>
  );
}
