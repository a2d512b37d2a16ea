import type { ComponentProps } from 'react';

const CONTROL =
  'block w-full min-h-(--control-height) rounded-control border border-control bg-surface px-3 py-2 ' +
  'text-text placeholder:text-faint aria-invalid:border-bad disabled:opacity-60';

/** One line of text. Its type, `autoComplete` and `inputMode` are the caller's to say. */
export function Input(props: Omit<ComponentProps<'input'>, 'className'>) {
  return <input {...props} className={CONTROL} />;
}

/** Several lines of text. */
export function TextArea(props: Omit<ComponentProps<'textarea'>, 'className'>) {
  return <textarea rows={4} {...props} className={CONTROL} />;
}

/** One of a few, in the browser's own list. */
export function Select(props: Omit<ComponentProps<'select'>, 'className'>) {
  return <select {...props} className={CONTROL} />;
}
