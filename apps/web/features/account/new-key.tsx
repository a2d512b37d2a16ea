'use client';

import type { API, KeyScope } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Check } from '../../shared/ui/check.tsx';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { textOf } from '../sign-in/form.ts';
import { StepForm } from '../sign-in/step-form.tsx';
import { Behind, type Forms } from './change-forms.tsx';
import { NetworksField, networksOf } from './key-networks.tsx';
import type { KeyWords } from './key-words.ts';

const PATH = '/auth/account/keys';
const DAYS_DEFAULT = '90';

type Props = Readonly<{
  forms: Forms;
  words: KeyWords;
  /** What it could be made for, with what that means. */
  scopes: readonly (readonly [KeyScope, string])[];
  /** The longest life of a key. */
  daysMax: number;
}>;

/** The form of a new key; then the key itself, this once. */
export function NewKey({ forms, words, scopes, daysMax }: Props) {
  const [made, setMade] = useState<string>();
  const router = useRouter();
  if (made !== undefined) {
    return (
      <div
        role="status"
        className="space-y-3 rounded-card border border-line bg-surface p-4 sm:p-6"
      >
        <h3 className="text-16 font-semibold">{words.shownOnce}</h3>
        <p className="text-muted">{words.keepIt}</p>
        <CopyField label={words.key} value={made} words={words.copy} />
        <Button
          kind="secondary"
          type="button"
          onClick={() => {
            setMade(undefined);
            router.refresh();
          }}
        >
          {words.ready}
        </Button>
      </div>
    );
  }
  return (
    <Behind label={words.add}>
      {() => <KeyForm {...{ forms, words, scopes, daysMax }} onMade={setMade} />}
    </Behind>
  );
}

function KeyForm({
  forms,
  words,
  scopes,
  daysMax,
  onMade,
}: Props & { onMade: (key: string) => void }) {
  const send = useSend();
  return (
    <StepForm
      submit={words.make}
      words={forms.step}
      send={async (form) => {
        const asked = await send<typeof API.account.addKey>('POST', PATH, {
          body: {
            name: textOf(form, 'name'),
            days: Number(textOf(form, 'days')),
            networks: networksOf(form),
            scopes: scopes.flatMap(([scope]) => (form.has(scope) ? [scope] : [])),
          },
        });
        if (!asked.ok) return asked;
        onMade(asked.answer.key);
        return undefined;
      }}
    >
      {(wrong) => (
        <>
          <Field name="name" label={words.name} hint={words.nameHint}>
            {(control) => <Input {...control} autoComplete="off" maxLength={64} required />}
          </Field>
          <Field
            name="days"
            label={words.days}
            hint={words.daysHint}
            error={wrong('days') ? words.daysHint : undefined}
          >
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                max={daysMax}
                defaultValue={DAYS_DEFAULT}
                required
              />
            )}
          </Field>
          <NetworksField words={words} isWrong={wrong('networks')} />
          <fieldset>
            <legend className="font-semibold">{words.scopes}</legend>
            {scopes.map(([scope, text]) => (
              <Check key={scope} name={scope} label={text} defaultChecked={scopes.length === 1} />
            ))}
          </fieldset>
        </>
      )}
    </StepForm>
  );
}
