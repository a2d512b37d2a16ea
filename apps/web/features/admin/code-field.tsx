import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import type { ActWords } from './words/acts.ts';

/** Six digits of the authenticator, or a recovery code. */
export function CodeField({ words }: { words: Pick<ActWords, 'code' | 'codeHint'> }) {
  return (
    <Field name="code" label={words.code} hint={words.codeHint}>
      {(control) => (
        <Input
          {...control}
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          maxLength={64}
        />
      )}
    </Field>
  );
}
