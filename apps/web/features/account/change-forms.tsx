'use client';

import type { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { useToast } from '../../shared/ui/toast.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { CodeInput } from '../sign-in/code-input.tsx';
import { passwordOf, textOf } from '../sign-in/form.ts';
import { StepForm } from '../sign-in/step-form.tsx';
import type { SignInWords } from '../sign-in/words.ts';
import type { AccountWords } from './words.ts';

export type Forms = Readonly<{ words: AccountWords; step: SignInWords; language: Language }>;

/** A form behind its button: the page stays a list until something is to be changed. */
export function Behind({
  label,
  children,
}: {
  label: string;
  children: (close: () => void) => ReactNode;
}) {
  const [isOpen, setOpen] = useState(false);
  if (isOpen) return <div className="w-full max-w-[28rem]">{children(() => setOpen(false))}</div>;
  return (
    <Button kind="secondary" type="button" onClick={() => setOpen(true)}>
      {label}
    </Button>
  );
}

export function SetPassword({ forms, label, hint }: { forms: Forms; label: string; hint: string }) {
  const { words, step } = forms;
  const [send, toast, router] = [useSend(), useToast(), useRouter()];
  return (
    <Behind label={label}>
      {(close) => (
        <StepForm
          submit={words.save}
          words={step}
          send={async (form) => {
            const asked = await send<typeof API.account.setPassword>(
              'PUT',
              '/auth/account/password',
              { body: { password: passwordOf(form) } },
            );
            if (!asked.ok) return asked;
            toast({ title: words.saved, detail: words.password });
            close();
            router.refresh();
            return undefined;
          }}
        >
          {() => (
            <Field name="password" label={words.newPassword} hint={hint}>
              {(control) => (
                <Input {...control} type="password" autoComplete="new-password" required />
              )}
            </Field>
          )}
        </StepForm>
      )}
    </Behind>
  );
}

export function ChangeEmail({ forms, label }: { forms: Forms; label: string }) {
  const [challenge, setChallenge] = useState<string>();
  return (
    <Behind label={label}>
      {(close) =>
        challenge === undefined ? (
          <AskEmail forms={forms} onSent={setChallenge} />
        ) : (
          <ConfirmEmail forms={forms} challenge={challenge} onDone={close} />
        )
      }
    </Behind>
  );
}

function AskEmail({ forms, onSent }: { forms: Forms; onSent: (challenge: string) => void }) {
  const { words, step } = forms;
  const send = useSend();
  return (
    <StepForm
      submit={step.sendCode}
      words={step}
      send={async (form) => {
        const asked = await send<typeof API.account.askEmail>('POST', '/auth/account/email', {
          body: { email: textOf(form, 'email') },
        });
        if (!asked.ok) return asked;
        onSent(asked.answer.challenge);
        return undefined;
      }}
    >
      {(wrong) => (
        <Field
          name="email"
          label={words.newEmail}
          hint={words.newEmailHint}
          error={wrong('email') ? step.emailWrong : undefined}
        >
          {(control) => <Input {...control} type="email" autoComplete="email" required />}
        </Field>
      )}
    </StepForm>
  );
}

function ConfirmEmail(props: { forms: Forms; challenge: string; onDone: () => void }) {
  const { forms, challenge, onDone } = props;
  const { words, step } = forms;
  const [send, toast, router] = [useSend(), useToast(), useRouter()];
  return (
    <StepForm
      submit={words.confirm}
      words={step}
      send={async (form) => {
        const asked = await send<typeof API.account.confirmEmail>('PUT', '/auth/account/email', {
          body: { challenge, code: textOf(form, 'code') },
        });
        if (!asked.ok) return asked;
        toast({ title: words.saved, detail: words.email });
        onDone();
        router.refresh();
        return undefined;
      }}
    >
      {() => <CodeField step={step} />}
    </StepForm>
  );
}

export function CodeField({ step }: { step: SignInWords }) {
  return (
    <Field name="code" label={step.code} hint={step.codeHint}>
      {(control) => <CodeInput {...control} />}
    </Field>
  );
}
