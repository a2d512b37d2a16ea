import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import type { SignInWords } from './words.ts';

type Part = Readonly<{ words: SignInWords; wrong: (field: string) => boolean }>;

export function EmailField({ words, wrong }: Part) {
  return (
    <Field name="email" label={words.email} error={wrong('email') ? words.emailWrong : undefined}>
      {(control) => <Input {...control} type="email" autoComplete="username" required />}
    </Field>
  );
}

/** `hint`: how long it must be, which is more where nothing else is asked for. */
export function NewPassword({ words, wrong, hint }: Part & { hint?: string }) {
  return (
    <Field
      name="password"
      label={words.password}
      hint={hint ?? words.passwordHint}
      error={wrong('password') ? words.passwordWrong : undefined}
    >
      {(control) => <Input {...control} type="password" autoComplete="new-password" required />}
    </Field>
  );
}
