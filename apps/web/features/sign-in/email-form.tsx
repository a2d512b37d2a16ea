'use client';

import type { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useActionState, useEffect, useRef, useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { ask, isFieldRefused, type Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { CodeInput } from './code-input.tsx';
import { textOf } from './form.ts';
import type { SignInWords } from './words.ts';

type Props = Readonly<{
  /** A safe path of this site to open afterwards. */
  next: string;
  language: Language;
  words: Pick<
    SignInWords,
    | 'email'
    | 'emailHint'
    | 'emailWrong'
    | 'sendCode'
    | 'sending'
    | 'code'
    | 'codeHint'
    | 'codeWrong'
    | 'enter'
    | 'otherEmail'
    | 'sentTo'
    | 'problem'
  >;
}>;

export type Sent = Readonly<{ email: string; challenge: string }>;

/** Signing in of customers: an address, then the code that came there. */
export function EmailForm(props: Props) {
  const [sent, setSent] = useState<Sent>();
  return sent === undefined ? (
    <AskForCode {...props} onSent={setSent} />
  ) : (
    <EnterCode {...props} path="/auth/code/enter" sent={sent} onOther={() => setSent(undefined)} />
  );
}

function AskForCode({ language, words, onSent }: Props & { onSent: (sent: Sent) => void }) {
  const [refused, send, isSending] = useActionState(
    async (_before: Refused | undefined, form: FormData) => {
      const email = textOf(form, 'email');
      const asked = await ask<typeof API.session.sendCode>('POST', '/auth/code', {
        language,
        body: { email, language },
      });
      if (!asked.ok) return asked;
      onSent({ email, challenge: asked.answer.challenge });
      return undefined;
    },
    undefined,
  );
  const isWrong = isFieldRefused(refused?.problem, 'email');
  return (
    <form action={send} className="space-y-6">
      <FormProblem
        refused={refused}
        words={words.problem}
        {...(isWrong && { fields: [{ name: 'email', text: words.emailWrong }] })}
      />
      <Field
        name="email"
        label={words.email}
        hint={words.emailHint}
        error={isWrong ? words.emailWrong : undefined}
      >
        {(control) => <Input {...control} type="email" autoComplete="email" required />}
      </Field>
      <Button kind="primary" disabled={isSending}>
        {isSending ? words.sending : words.sendCode}
      </Button>
    </form>
  );
}

/** The code from the mail, and where to when it is right. */
export function EnterCode(
  props: Props & {
    path: '/auth/code/enter' | '/auth/register/confirm';
    sent: Sent;
    onOther: () => void;
  },
) {
  const { path, next, language, words, sent, onOther } = props;
  const told = useRef<HTMLParagraphElement>(null);
  useEffect(() => told.current?.focus(), []);
  const [refused, enter, isSending] = useActionState(
    async (_before: Refused | undefined, form: FormData) => {
      const asked = await ask<typeof API.session.enterCode>('POST', path, {
        language,
        body: { challenge: sent.challenge, code: textOf(form, 'code') },
      });
      if (!asked.ok) return asked;
      location.assign(next);
      return undefined;
    },
    undefined,
  );
  const isWrong = isFieldRefused(refused?.problem, 'code');
  return (
    <form action={enter} className="space-y-6">
      <p ref={told} tabIndex={-1} className="text-muted outline-none">
        {words.sentTo} <strong className="break-all text-text">{sent.email}</strong>
      </p>
      <FormProblem
        refused={refused}
        words={words.problem}
        {...(isWrong && { fields: [{ name: 'code', text: words.codeWrong }] })}
      />
      <Field
        name="code"
        label={words.code}
        hint={words.codeHint}
        error={isWrong ? words.codeWrong : undefined}
      >
        {(control) => <CodeInput {...control} />}
      </Field>
      <div className="flex flex-wrap gap-3">
        <Button kind="primary" disabled={isSending}>
          {words.enter}
        </Button>
        <Button kind="quiet" type="button" onClick={onOther}>
          {words.otherEmail}
        </Button>
      </div>
    </form>
  );
}
