'use client';

import { useActionState, useEffect, useRef, type ReactNode } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { isFieldRefused, type Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import type { SignInWords } from './words.ts';

type Props = Readonly<{
  /** Named where a step follows another one on the same page; it takes the focus. */
  title?: string;
  submit: string;
  words: SignInWords;
  send: (form: FormData) => Promise<Refused | undefined>;
  /** The fields; `wrong` says whether one of them was refused. */
  children: (wrong: (field: string) => boolean) => ReactNode;
}>;

/** One step of signing in: its fields, its button, and why it was not taken. */
export function StepForm({ title, submit, words, send, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const [refused, act, isSending] = useActionState(
    (_before: Refused | undefined, form: FormData) => send(form),
    undefined,
  );
  return (
    <form action={act} className="space-y-6">
      {title === undefined ? null : (
        <h2 ref={heading} tabIndex={-1} className="text-22 outline-none">
          {title}
        </h2>
      )}
      <FormProblem refused={refused} words={words.problem} />
      {children((field) => isFieldRefused(refused?.problem, field))}
      <Button kind="primary" disabled={isSending}>
        {isSending ? words.sending : submit}
      </Button>
    </form>
  );
}
