import type { ReactNode } from 'react';

export type RadioCard = Readonly<{
  value: string;
  title: ReactNode;
  detail?: ReactNode;
  /** On the right, where prices are compared. */
  side?: ReactNode;
  /** Shown and not choosable; `detail` says why. */
  isResting?: boolean;
}>;

type Props = Readonly<{
  name: string;
  /** The question, for speech; for eyes it stands above, as the heading of the page or the part. */
  legend: string;
  cards: readonly RadioCard[];
  chosen: string | undefined;
  onChoose?: (value: string) => void;
  /** Short titles side by side instead of one below the other. */
  isGrid?: boolean;
}>;

/** One of a few, each with room for its facts: real radios, so that arrows and forms work. */
export function RadioCards({ name, legend, cards, chosen, onChoose, isGrid = false }: Props) {
  return (
    <fieldset className={isGrid ? 'grid grid-cols-2 gap-3 sm:grid-cols-3' : 'space-y-3'}>
      <legend className="sr-only">{legend}</legend>
      {cards.map(({ value, title, detail, side, isResting = false }) => (
        <label
          key={value}
          className={`${isGrid ? 'gap-1.5 px-2.5 sm:gap-2 sm:px-3' : 'gap-4 px-4'} flex min-h-16 cursor-pointer items-center rounded-card border border-control bg-surface py-3 has-checked:border-accent has-checked:bg-accent-soft has-checked:ring-1 has-checked:ring-accent has-disabled:cursor-default has-disabled:border-line has-disabled:bg-sunken has-disabled:text-muted has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus`}
        >
          <input
            type="radio"
            name={name}
            value={value}
            disabled={isResting}
            defaultChecked={value === chosen}
            {...(onChoose !== undefined && { onChange: () => onChoose(value) })}
            className="size-5 shrink-0 accent-accent outline-none"
          />
          <span className="min-w-0 flex-1 wrap-anywhere">
            <span className={`block font-semibold ${isGrid ? 'text-14 sm:text-16' : ''}`}>
              {title}
            </span>
            {detail === undefined ? null : (
              <span className="block text-14 text-muted">{detail}</span>
            )}
          </span>
          {side === undefined ? null : <span className="text-right font-semibold">{side}</span>}
        </label>
      ))}
    </fieldset>
  );
}
