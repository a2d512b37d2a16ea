'use client';

import type { API, SignInStep } from '@opora/contracts';
import { useEffect, useState } from 'react';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { ask, type Asked } from '../session/ask.ts';
import { EmailField, NewPassword } from './fields.tsx';
import { passwordOf, textOf } from './form.ts';
import { StaffSteps, type StepProps } from './staff-steps.tsx';
import { StepForm } from './step-form.tsx';

/** E-mail and password, then the second factor. */
export function PasswordSignIn(props: StepProps) {
  const { language, words } = props;
  return (
    <StaffSteps
      {...props}
      first={(onStep) => (
        <StepForm
          submit={words.next}
          words={words}
          send={async (form) => {
            const body = { email: textOf(form, 'email'), password: passwordOf(form) };
            const asked = await ask<typeof API.session.password>('POST', '/auth/password', {
              language,
              body,
            });
            if (!asked.ok) return asked;
            onStep(asked.answer);
            return undefined;
          }}
        >
          {(wrong) => (
            <>
              <EmailField words={words} wrong={wrong} />
              <Field name="password" label={words.password}>
                {(control) => (
                  <Input {...control} type="password" autoComplete="current-password" required />
                )}
              </Field>
            </>
          )}
        </StepForm>
      )}
    />
  );
}

/** The code that the first start printed makes the first owner. */
export function FirstOwner(props: StepProps) {
  const { language, words } = props;
  return (
    <StaffSteps
      {...props}
      first={(onStep) => (
        <StepForm
          submit={words.ownerMake}
          words={words}
          send={async (form) => {
            const asked = await ask<typeof API.session.firstOwner>('POST', '/auth/first-owner', {
              language,
              body: {
                code: textOf(form, 'code'),
                email: textOf(form, 'email'),
                password: passwordOf(form),
              },
            });
            if (!asked.ok) return asked;
            onStep(asked.answer);
            return undefined;
          }}
        >
          {(wrong) => (
            <>
              <Field
                name="code"
                label={words.ownerCode}
                error={wrong('code') ? words.ownerCodeWrong : undefined}
              >
                {(control) => <Input {...control} autoComplete="off" required />}
              </Field>
              <EmailField words={words} wrong={wrong} />
              <NewPassword words={words} wrong={wrong} />
            </>
          )}
        </StepForm>
      )}
    />
  );
}

type Read = Asked<typeof API.session.readInvitation>;

/** An invitation names whom it is for; its secret stands behind `#` and is sent only from here. */
export function Invitation(props: StepProps) {
  const { language, words } = props;
  const [read, setRead] = useState<Read>();
  useEffect(() => {
    void ask<typeof API.session.readInvitation>('POST', '/auth/invitation', {
      language,
      body: { token: location.hash.slice(1) },
    }).then(setRead);
  }, [language]);
  if (read === undefined) return <p role="status">{words.renew.checking}</p>;
  if (!read.ok) {
    return (
      <div role="alert">
        <p className="font-semibold">{words.inviteNone}</p>
        <p className="text-muted">{words.inviteNoneText}</p>
      </div>
    );
  }
  return (
    <StaffSteps
      {...props}
      first={(onStep) => (
        <AcceptForm {...props} email={read.answer.email} role={read.answer.role} onStep={onStep} />
      )}
    />
  );
}

function AcceptForm(
  props: StepProps & { email: string; role: string; onStep: (step: SignInStep) => void },
) {
  const { language, words, email, role, onStep } = props;
  return (
    <StepForm
      submit={words.accept}
      words={words}
      send={async (form) => {
        const asked = await ask<typeof API.session.acceptInvitation>(
          'POST',
          '/auth/invitation/accept',
          {
            language,
            body: {
              token: location.hash.slice(1),
              name: textOf(form, 'name'),
              password: passwordOf(form),
            },
          },
        );
        if (!asked.ok) return asked;
        onStep(asked.answer);
        return undefined;
      }}
    >
      {(wrong) => (
        <>
          <p className="text-muted">
            {words.inviteFor} <strong className="break-all text-text">{email}</strong>, {role}
          </p>
          <Field name="name" label={words.name} error={wrong('name') ? words.nameWrong : undefined}>
            {(control) => <Input {...control} autoComplete="name" required />}
          </Field>
          <NewPassword words={words} wrong={wrong} />
        </>
      )}
    </StepForm>
  );
}
