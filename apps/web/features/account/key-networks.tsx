'use client';

import type { API } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { useToast } from '../../shared/ui/toast.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { textOf } from '../sign-in/form.ts';
import { StepForm } from '../sign-in/step-form.tsx';
import { Behind, type Forms } from './change-forms.tsx';
import type { KeyWords } from './key-words.ts';

type Props = Readonly<{
  forms: Forms;
  words: KeyWords;
  path: string;
  name: string;
  networks: readonly string[];
}>;

/** Where a key that exists may be used from; it counts from its next call on. */
export function KeyNetworks({ forms, words, path, name, networks }: Props) {
  const [send, toast, router] = [useSend(), useToast(), useRouter()];
  return (
    <Behind label={words.bind}>
      {(close) => (
        <StepForm
          submit={forms.words.save}
          words={forms.step}
          send={async (form) => {
            const body = { networks: networksOf(form) };
            const asked = await send<typeof API.account.restrictKey>('PUT', path, { body });
            if (!asked.ok) return asked;
            toast({ title: words.bound, detail: name });
            close();
            router.refresh();
            return undefined;
          }}
        >
          {(wrong) => <NetworksField words={words} isWrong={wrong('networks')} value={networks} />}
        </StepForm>
      )}
    </Behind>
  );
}

type FieldProps = Readonly<{ words: KeyWords; isWrong: boolean; value?: readonly string[] }>;

export function NetworksField({ words, isWrong, value = [] }: FieldProps) {
  return (
    <Field
      name="networks"
      label={words.networks}
      hint={words.networksHint}
      error={isWrong ? words.networksWrong : undefined}
    >
      {(control) => (
        <Input
          {...control}
          autoComplete="off"
          inputMode="url"
          spellCheck={false}
          defaultValue={value.join(' ')}
        />
      )}
    </Field>
  );
}

/** What stands between blanks and commas; nothing: any address. */
export function networksOf(form: FormData): string[] {
  return textOf(form, 'networks')
    .split(/[\s,;]+/)
    .filter((network) => network !== '');
}
