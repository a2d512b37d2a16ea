'use client';

import type { API } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { useToast } from '../../shared/ui/toast.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { textOf } from '../sign-in/form.ts';
import { makeKey } from '../sign-in/passkey.ts';
import { StepForm } from '../sign-in/step-form.tsx';
import { Behind, type Forms } from './change-forms.tsx';

const PATH = '/auth/account/passkeys';

/** A key that this browser or a device near it makes, under the name its owner gives it. */
export function AddPasskey({ forms }: { forms: Forms }) {
  const { words, step } = forms;
  const [hasNone, setNone] = useState(false);
  const [send, toast, router] = [useSend(), useToast(), useRouter()];
  return (
    <Behind label={words.addPasskey}>
      {(close) => (
        <StepForm
          submit={words.makePasskey}
          words={step}
          send={async (form) => {
            setNone(false);
            const asked = await send<typeof API.account.askNewPasskey>('POST', `${PATH}/ask`, {});
            if (!asked.ok) return asked;
            const answer = await makeKey(asked.answer);
            if (answer === undefined) {
              setNone(true);
              return undefined;
            }
            const name = textOf(form, 'name');
            const added = await send<typeof API.account.addPasskey>('POST', PATH, {
              body: { name, answer },
            });
            if (!added.ok) return added;
            toast({ title: words.saved, detail: name });
            close();
            router.refresh();
            return undefined;
          }}
        >
          {() => (
            <>
              {hasNone ? (
                <p role="alert" className="text-14 text-bad">
                  {step.passkeyNone}
                </p>
              ) : null}
              <Field name="name" label={words.passkeyName} hint={words.passkeyNameHint}>
                {(control) => <Input {...control} autoComplete="off" maxLength={64} required />}
              </Field>
            </>
          )}
        </StepForm>
      )}
    </Behind>
  );
}
