'use client';

import type { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useActionState, useSyncExternalStore } from 'react';
import { Button, LinkButton } from '../../shared/ui/button.tsx';
import { ask, type Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import type { SignInWords } from './words.ts';

type Props = Readonly<{
  next: string;
  language: Language;
  botUrl: string | undefined;
  words: Pick<
    SignInWords,
    'enter' | 'enterText' | 'enterNone' | 'enterNoneText' | 'newLink' | 'problem'
  >;
}>;

const LINK = /^#[A-Za-z0-9_-]{20,128}$/;

/**
 * Uses the one-time link when a person presses the button: chat programs open links by themselves,
 * and the secret behind `#` reaches the server only now.
 */
export function EnterLink({ next, language, botUrl, words }: Props) {
  const hash = useSyncExternalStore(
    watchHash,
    () => location.hash,
    () => undefined,
  );
  const [refused, enter, isSending] = useActionState(async (): Promise<Refused | undefined> => {
    const link = location.hash.slice(1);
    const asked = await ask<typeof API.session.enter>('POST', '/auth/enter', {
      language,
      body: { link },
    });
    if (!asked.ok) return asked;
    location.replace(next);
    return undefined;
  }, undefined);
  const isUsable = hash === undefined || LINK.test(hash);
  const newLink =
    botUrl === undefined ? null : (
      <LinkButton kind={isUsable ? 'quiet' : 'primary'} href={botUrl}>
        {words.newLink}
      </LinkButton>
    );
  if (!isUsable) {
    return (
      <div className="space-y-6">
        <div>
          <p className="font-semibold">{words.enterNone}</p>
          <p className="text-muted">{words.enterNoneText}</p>
        </div>
        {newLink}
      </div>
    );
  }
  return (
    <form action={enter} className="space-y-6">
      <FormProblem refused={refused} words={words.problem} />
      <p className="text-muted">{words.enterText}</p>
      <div className="flex flex-wrap gap-3">
        <Button kind="primary" disabled={isSending}>
          {words.enter}
        </Button>
        {refused === undefined ? null : newLink}
      </div>
    </form>
  );
}

function watchHash(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
