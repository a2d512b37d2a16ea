'use client';

import type { API } from '@opora/contracts';
import { useState } from 'react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { ask } from '../session/ask.ts';
import { EnterCode, type Sent } from './email-form.tsx';
import { EmailField, NewPassword } from './fields.tsx';
import { passwordOf, textOf } from './form.ts';
import type { StepProps } from './staff-steps.tsx';
import { StepForm } from './step-form.tsx';

/** An address and a password, then the code that makes the account. */
export function Register(props: StepProps) {
  const { language, words } = props;
  const [sent, setSent] = useState<Sent>();
  if (sent !== undefined) {
    return (
      <EnterCode
        {...props}
        path="/auth/register/confirm"
        sent={sent}
        onOther={() => setSent(undefined)}
      />
    );
  }
  return (
    <StepForm
      submit={words.sendCode}
      words={words}
      send={async (form) => {
        const email = textOf(form, 'email');
        const asked = await ask<typeof API.session.register>('POST', '/auth/register', {
          language,
          body: { email, password: passwordOf(form), language },
        });
        if (!asked.ok) return asked;
        setSent({ email, challenge: asked.answer.challenge });
        return undefined;
      }}
    >
      {(wrong) => (
        <>
          <EmailField words={words} wrong={wrong} />
          <NewPassword words={words} wrong={wrong} hint={words.ownPasswordHint} />
        </>
      )}
    </StepForm>
  );
}

/** Where the way to a new password should go. */
export function Forgot({ language, words }: Omit<StepProps, 'next'>) {
  const [email, setEmail] = useState<string>();
  if (email !== undefined) {
    return (
      <p role="status">
        {words.forgotSent} <strong className="break-all">{email}</strong>
      </p>
    );
  }
  return (
    <StepForm
      submit={words.forgotSend}
      words={words}
      send={async (form) => {
        const given = textOf(form, 'email');
        const asked = await ask<typeof API.session.askReset>('POST', '/auth/reset', {
          language,
          body: { email: given, language },
        });
        if (!asked.ok) return asked;
        setEmail(given);
        return undefined;
      }}
    >
      {(wrong) => <EmailField words={words} wrong={wrong} />}
    </StepForm>
  );
}

/** The link of the mail carries its secret behind `#`, which reaches the server only from here. */
export function NewPasswordForm({ language, words }: Omit<StepProps, 'next'>) {
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <div className="space-y-6">
        <p role="status">{words.resetDone}</p>
        <LinkButton kind="primary" href="/sign-in/password">
          {words.enter}
        </LinkButton>
      </div>
    );
  }
  return (
    <StepForm
      submit={words.resetSend}
      words={words}
      send={async (form) => {
        const body = { token: location.hash.slice(1), password: passwordOf(form) };
        const asked = await ask<typeof API.session.reset>('POST', '/auth/reset/confirm', {
          language,
          body,
        });
        if (!asked.ok) return asked;
        setDone(true);
        return undefined;
      }}
    >
      {(wrong) => <NewPassword words={words} wrong={wrong} hint={words.ownPasswordHint} />}
    </StepForm>
  );
}

/** Of the mailbox an account had: a press, because mail programs open links by themselves. */
export function UndoEmail({ language, words }: Omit<StepProps, 'next'>) {
  const [isDone, setDone] = useState(false);
  if (isDone) {
    return (
      <div className="space-y-6">
        <p role="status">{words.undoDone}</p>
        <LinkButton kind="primary" href="/forgot">
          {words.forgotSend}
        </LinkButton>
      </div>
    );
  }
  return (
    <StepForm
      submit={words.undoSend}
      words={words}
      send={async () => {
        const body = { token: location.hash.slice(1) };
        const asked = await ask<typeof API.session.undoEmail>('POST', '/auth/email/undo', {
          language,
          body,
        });
        if (!asked.ok) return asked;
        setDone(true);
        return undefined;
      }}
    >
      {() => <p className="text-muted">{words.undoText}</p>}
    </StepForm>
  );
}
