'use client';

import type { API, SignInStep } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { LinkButton } from '../../shared/ui/button.tsx';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { Qr } from '../../shared/ui/qr.tsx';
import { ask } from '../session/ask.ts';
import { CodeInput } from './code-input.tsx';
import { textOf } from './form.ts';
import { PasskeyFactor } from './passkey-button.tsx';
import { StepForm } from './step-form.tsx';
import type { SignInWords } from './words.ts';

export type StepProps = Readonly<{ next: string; language: Language; words: SignInWords }>;

type Second = Extract<SignInStep, { next: 'second_factor' }>;
type Enrol = Extract<SignInStep, { next: 'enrol' }>;

/** What follows the first form of staff: a second factor, or the authenticator to be connected. */
export function StaffSteps(
  props: StepProps & { first: (onStep: (step: SignInStep) => void) => ReactNode },
) {
  const [step, setStep] = useState<SignInStep>();
  useEffect(() => {
    if (step?.next === 'signed_in') location.assign(props.next);
  }, [step, props.next]);
  if (step === undefined || step.next === 'signed_in') return props.first(setStep);
  if (step.next === 'enrol') return <Enrolment {...props} step={step} />;
  return <SecondFactor {...props} step={step} onStep={setStep} />;
}

function SecondFactor(props: StepProps & { step: Second; onStep: (step: SignInStep) => void }) {
  const { language, words, step, onStep } = props;
  const { challenge, hasPasskey } = step;
  return (
    <div className="space-y-6">
      <StepForm
        title={words.factorTitle}
        submit={words.enter}
        words={words}
        send={async (form) => {
          const body = { challenge, code: textOf(form, 'code') };
          const asked = await ask<typeof API.session.secondFactor>('POST', '/auth/second-factor', {
            language,
            body,
          });
          if (!asked.ok) return asked;
          onStep(asked.answer);
          return undefined;
        }}
      >
        {() => (
          <Field name="code" label={words.factor} hint={words.factorHint}>
            {(control) => <Input {...control} autoComplete="one-time-code" required />}
          </Field>
        )}
      </StepForm>
      {hasPasskey ? (
        <PasskeyFactor challenge={challenge} language={language} words={words} onStep={onStep} />
      ) : null}
    </div>
  );
}

function Enrolment({ step, next, language, words }: StepProps & { step: Enrol }) {
  const [codes, setCodes] = useState<readonly string[]>();
  if (codes !== undefined) return <RecoveryCodes codes={codes} next={next} words={words} />;
  return (
    <StepForm
      title={words.enrolTitle}
      submit={words.enrol}
      words={words}
      send={async (form) => {
        const body = { challenge: step.challenge, code: textOf(form, 'code') };
        const asked = await ask<typeof API.session.enrol>('POST', '/auth/enrol', {
          language,
          body,
        });
        if (!asked.ok) return asked;
        setCodes(asked.answer.recoveryCodes);
        return undefined;
      }}
    >
      {(wrong) => (
        <>
          <p className="text-muted">{words.enrolText}</p>
          <Qr text={step.totp.uri} label={words.enrolQr} />
          <div className="space-y-1.5">
            <p className="font-semibold">{words.enrolSecret}</p>
            <CopyField label={words.enrolSecret} value={step.totp.secret} words={words.copy} />
          </div>
          <Field
            name="code"
            label={words.factor}
            error={wrong('code') ? words.codeWrong : undefined}
          >
            {(control) => <CodeInput {...control} />}
          </Field>
        </>
      )}
    </StepForm>
  );
}

function RecoveryCodes(props: { codes: readonly string[]; next: string; words: SignInWords }) {
  const { codes, next, words } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <div className="space-y-6">
      <h2 ref={heading} tabIndex={-1} className="text-22 outline-none">
        {words.codesTitle}
      </h2>
      <p className="text-muted">{words.codesText}</p>
      <ul className="grid gap-x-6 gap-y-2 rounded-card border border-line bg-surface p-4 font-mono text-14 sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyField label={words.codesLabel} value={codes.join(' ')} words={words.copy} />
      <LinkButton kind="primary" href={next}>
        {words.codesSaved}
      </LinkButton>
    </div>
  );
}
