import type { ReactNode } from 'react';

/** What a control takes to belong to its field: names, and the texts that describe it. */
export type ControlProps = Readonly<{
  id: string;
  name: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}>;

type Props = Readonly<{
  name: string;
  label: string;
  hint?: string;
  /** What is wrong with the value and how to make it right. */
  error?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}>;

/** A label, its control, a hint and an error, tied together for eyes and for speech. */
export function Field({ name, label, hint, error, children }: Props) {
  const hintId = `${name}-hint`;
  const errorId = `${name}-error`;
  const described = [hint && hintId, error && errorId].filter(Boolean).join(' ');
  return (
    <div className="space-y-1.5">
      <label htmlFor={name} className="block font-semibold">
        {label}
      </label>
      {hint === undefined ? null : (
        <p id={hintId} className="text-14 text-muted">
          {hint}
        </p>
      )}
      {children({
        id: name,
        name,
        'aria-describedby': described || undefined,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      {error === undefined ? null : (
        <p id={errorId} className="text-14 text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
