import type { ComponentProps } from 'react';

/** An act shown by its icon alone; the label is for speech and for the pointer that rests on it. */
export function IconButton({
  label,
  ...rest
}: { label: string } & Omit<ComponentProps<'button'>, 'className' | 'aria-label' | 'title'>) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={label}
      title={label}
      className="flex size-(--control-height) shrink-0 items-center justify-center rounded-control text-muted hover:bg-accent-soft hover:text-text"
    />
  );
}
