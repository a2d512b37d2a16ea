'use client';

import type { Language } from '@opora/kernel';
import { useEffect, useState } from 'react';
import { Button, LinkButton } from '../../shared/ui/button.tsx';
import { renewSession } from './browser-tabs.ts';

type Props = Readonly<{
  /** A safe path of this site. */
  next: string;
  signInPath: string;
  language: Language;
  words: Readonly<{
    checking: string;
    unknown: string;
    unknownSafe: string;
    retry: string;
    signIn: string;
  }>;
}>;

/** When this tab last came back here from a renewal; twice in a row means that it does not help. */
const RELOADED_AT = 'opora-session-reloaded-at';
const ONCE_WITHIN_MS = 15_000;

/** Stands where a page needs a session and its cookie has run out: renews it and opens the page. */
export function RenewSession({ next, signInPath, language, words }: Props) {
  const [isUnknown, setUnknown] = useState(false);
  const signIn = `${signInPath}?next=${encodeURIComponent(next)}`;

  useEffect(() => {
    if (isUnknown) return;
    const isSecondTime = Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < ONCE_WITHIN_MS;
    if (isSecondTime) {
      location.replace(signIn);
      return;
    }
    void renewSession(language).then(({ outcome }) => {
      if (outcome === 'ended') location.replace(signIn);
      else if (outcome === 'unknown') setUnknown(true);
      else {
        sessionStorage.setItem(RELOADED_AT, String(Date.now()));
        location.replace(next);
      }
    });
  }, [isUnknown, language, next, signIn]);

  if (!isUnknown) {
    return (
      <div className="animate-late space-y-4">
        <p role="status" className="text-18 text-muted">
          {words.checking}
        </p>
        <noscript>
          <LinkButton kind="secondary" href={signIn}>
            {words.signIn}
          </LinkButton>
        </noscript>
      </div>
    );
  }
  return (
    <div role="alert" className="space-y-4">
      <h1 className="text-28">{words.unknown}</h1>
      <p className="text-muted">{words.unknownSafe}</p>
      <Button kind="primary" type="button" onClick={() => setUnknown(false)}>
        {words.retry}
      </Button>
    </div>
  );
}
