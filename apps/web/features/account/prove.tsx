'use client';

import type { API, WaysWire } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import type { Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { passwordOf, textOf } from '../sign-in/form.ts';
import { answerWithKey } from '../sign-in/passkey.ts';
import { StepForm } from '../sign-in/step-form.tsx';
import type { TelegramWay } from '../sign-in/telegram-login.ts';
import { ToTelegram } from '../sign-in/to-telegram.tsx';
import { CodeField, type Forms } from './change-forms.tsx';

type Props = Readonly<{ forms: Forms; ways: WaysWire; telegram?: TelegramWay | undefined }>;

/** Asks once more who is at the keyboard, by what this account has. */
export function Prove({ forms, ways, telegram }: Props) {
  const { words, step, language } = forms;
  const hasTelegram = ways.telegram !== null && telegram !== undefined && !ways.isStaff;
  const hasKey = ways.passkeys.length > 0;
  const hasAny = ways.isStaff || ways.email !== null || hasTelegram || hasKey;
  return (
    <section
      aria-labelledby="prove"
      className="space-y-4 rounded-card border border-line bg-surface p-4 sm:p-6"
    >
      <div>
        <h2 id="prove" className="text-18">
          {words.proveTitle}
        </h2>
        <p className="text-muted">{hasAny ? words.proveText : words.proveAgain}</p>
      </div>
      <div className="max-w-[28rem] space-y-4">
        {ways.isStaff || ways.hasPassword ? (
          <ByTyping forms={forms} isStaff={ways.isStaff} />
        ) : null}
        {hasKey ? <ByKey forms={forms} /> : null}
        {!ways.isStaff && ways.email !== null ? <ByMail forms={forms} /> : null}
        {hasTelegram ? (
          <ToTelegram
            way={telegram}
            leaving={{ place: 'account', after: 'prove', language }}
            label={words.proveTelegram}
            words={step}
          />
        ) : null}
      </div>
    </section>
  );
}

/** The password; of staff a code of the authenticator. */
function ByTyping({ forms, isStaff }: { forms: Forms; isStaff: boolean }) {
  const { words, step } = forms;
  const [send, router] = [useSend(), useRouter()];
  return (
    <StepForm
      submit={words.confirm}
      words={step}
      send={async (form) => {
        const asked = isStaff
          ? await send<typeof API.session.stepUp>('POST', '/auth/step-up', {
              body: { code: textOf(form, 'proof') },
            })
          : await send<typeof API.account.prove>('POST', '/auth/account/proof', {
              body: { password: passwordOf(form, 'proof') },
            });
        if (!asked.ok) return asked;
        router.refresh();
        return undefined;
      }}
    >
      {() => (
        <Field name="proof" label={isStaff ? words.proveFactor : words.provePassword}>
          {(control) => (
            <Input
              {...control}
              type={isStaff ? 'text' : 'password'}
              autoComplete={isStaff ? 'one-time-code' : 'current-password'}
              required
            />
          )}
        </Field>
      )}
    </StepForm>
  );
}

/** One of the own passkeys; of staff too, to whom it is a second factor. */
function ByKey({ forms }: { forms: Forms }) {
  const { words, step } = forms;
  const [refused, setRefused] = useState<Refused>();
  const [hasNone, setNone] = useState(false);
  const [isSending, start] = useTransition();
  const [send, router] = [useSend(), useRouter()];
  const prove = () =>
    start(async () => {
      setNone(false);
      const path = '/auth/account/proof/passkey/ask';
      const asked = await send<typeof API.account.askProofPasskey>('POST', path, {});
      if (!asked.ok) {
        setRefused(asked);
        return;
      }
      const passkey = await answerWithKey(asked.answer);
      if (passkey === undefined) {
        setNone(true);
        return;
      }
      const proved = await send<typeof API.account.prove>('POST', '/auth/account/proof', {
        body: { passkey },
      });
      if (proved.ok) router.refresh();
      else setRefused(proved);
    });
  return (
    <>
      <FormProblem refused={refused} words={step.problem} />
      {hasNone ? (
        <p role="alert" className="text-14 text-bad">
          {step.passkeyNone}
        </p>
      ) : null}
      <Button kind="secondary" type="button" disabled={isSending} onClick={prove}>
        {words.provePasskey}
      </Button>
    </>
  );
}

function ByMail({ forms }: { forms: Forms }) {
  const { words, step } = forms;
  const [challenge, setChallenge] = useState<string>();
  const [refused, setRefused] = useState<Refused>();
  const [isSending, start] = useTransition();
  const [send, router] = [useSend(), useRouter()];
  const sendCode = () =>
    start(async () => {
      const path = '/auth/account/proof/code';
      const asked = await send<typeof API.account.sendProofCode>('POST', path, {});
      if (asked.ok) setChallenge(asked.answer.challenge);
      else setRefused(asked);
    });
  if (challenge === undefined) {
    return (
      <>
        <FormProblem refused={refused} words={step.problem} />
        <Button kind="secondary" type="button" disabled={isSending} onClick={sendCode}>
          {words.proveSend}
        </Button>
      </>
    );
  }
  return (
    <StepForm
      submit={words.confirm}
      words={step}
      send={async (form) => {
        const answer = { challenge, code: textOf(form, 'code') };
        const asked = await send<typeof API.account.prove>('POST', '/auth/account/proof', {
          body: { answer },
        });
        if (!asked.ok) return asked;
        router.refresh();
        return undefined;
      }}
    >
      {() => <CodeField step={step} />}
    </StepForm>
  );
}
