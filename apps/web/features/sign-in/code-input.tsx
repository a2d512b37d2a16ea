'use client';

import { Input } from '../../shared/ui/input.tsx';
import type { ControlProps } from '../../shared/ui/field.tsx';

const DIGITS = 6;

/** Six digits in one field, so that pasting works; blanks and dashes of the mail are dropped. */
export function CodeInput(props: ControlProps) {
  return (
    <Input
      {...props}
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      onInput={(event) => {
        const field = event.currentTarget;
        field.value = field.value.replace(/\D/g, '').slice(0, DIGITS);
      }}
    />
  );
}
