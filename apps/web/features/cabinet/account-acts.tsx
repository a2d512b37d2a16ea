'use client';

import type { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Select } from '../../shared/ui/input.tsx';
import { useSend } from '../session/session-keeper.tsx';

type LanguageProps = Readonly<{
  label: string;
  chosen: Language;
  languages: readonly Readonly<{ value: Language; name: string }>[];
}>;

/** The language of our messages: the pages have a switch of their own in the header. */
export function LetterLanguage({ label, chosen, languages }: LanguageProps) {
  const [value, setValue] = useState(chosen);
  const [problem, setProblem] = useState<string>();
  const [isSending, start] = useTransition();
  const [send, router] = [useSend(), useRouter()];

  function choose(language: Language) {
    setValue(language);
    start(async () => {
      const body = { language };
      const asked = await send<typeof API.me.setLanguage>('PUT', '/api/v1/me/language', { body });
      setProblem(asked.ok ? undefined : (asked.problem?.title ?? label));
      if (asked.ok) router.refresh();
      else setValue(chosen);
    });
  }

  return (
    <Field name="letters" label={label} error={problem}>
      {(control) => (
        <Select
          {...control}
          value={value}
          disabled={isSending}
          onChange={(event) => choose(event.target.value === 'ru' ? 'ru' : 'en')}
        >
          {languages.map(({ value: each, name }) => (
            <option key={each} value={each}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}

/** Ends the session of this browser, on the server too. */
export function SignOut({ label, language }: { label: string; language: Language }) {
  const [isSending, start] = useTransition();
  const send = useSend();
  return (
    <Button
      kind="secondary"
      type="button"
      disabled={isSending}
      onClick={() =>
        start(async () => {
          const asked = await send<typeof API.session.leave>('POST', '/auth/leave', {});
          if (asked.ok) location.assign(`/?lang=${language}`);
        })
      }
    >
      {label}
    </Button>
  );
}
