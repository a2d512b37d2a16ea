type Tone = 'works' | 'partly' | 'down' | 'none';

type Props = Readonly<{
  /** All of it in words: what speech reads instead of the picture. */
  label: string;
  bars: readonly Readonly<{ key: string; tone: Tone; title: string }>[];
}>;

const FILLS: Record<Tone, string> = {
  works: 'fill-good',
  partly: 'fill-warn',
  down: 'fill-bad',
  none: 'fill-line',
};
const STEP = 4;
const BAR = 3;
const HEIGHT = 32;
/** Trouble stands taller: the tone is never alone. */
const CALM_TOP = 6;

/**
 * One bar per day. Days of one calm tone are one path, so that a page of many strips stays small;
 * each day of trouble is a bar of its own that says its name when pointed at.
 */
export function Strip({ label, bars }: Props) {
  const calm = (tone: Tone): string =>
    bars
      .flatMap((bar, at) =>
        bar.tone === tone
          ? [
              `M${String(at * STEP)} ${String(CALM_TOP)}h${String(BAR)}V${String(HEIGHT)}h-${String(BAR)}z`,
            ]
          : [],
      )
      .join('');
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${String(bars.length * STEP - 1)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      className="block h-8 w-full"
    >
      <path d={calm('none')} className={FILLS.none} />
      <path d={calm('works')} className={FILLS.works} />
      {bars.map(({ key, tone, title }, at) =>
        tone === 'works' || tone === 'none' ? null : (
          <rect key={key} x={at * STEP} width={BAR} height={HEIGHT} className={FILLS[tone]}>
            <title>{title}</title>
          </rect>
        ),
      )}
    </svg>
  );
}
