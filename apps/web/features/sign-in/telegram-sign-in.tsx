'use client';

import type { API, TelegramWordWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useEffect, useState } from 'react';
import { Button, LinkButton } from '../../shared/ui/button.tsx';
import { ask, type Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { nextPath } from '../site/search.ts';
import { telegramAnswer } from './telegram-login.ts';
import type { SignInWords } from './words.ts';

type Props = Readonly<{ language: Language; words: SignInWords }>;

/** Stands where Telegram's login comes back to: uses its word and opens the account. */
export function TelegramReturn({ language, words }: Props) {
  const [ended, setEnded] = useState<Refused | 'nothing'>();
  useEffect(() => {
    const answer = telegramAnswer();
    const next = nextPath(answer?.after, '/cabinet');
    void enter(answer?.word, { next, language }).then(setEnded);
  }, [language]);
  if (ended === undefined) return <p role="status">{words.renew.checking}</p>;
  return (
    <div className="space-y-6">
      {ended === 'nothing' ? (
        <p role="alert">{words.telegramNothing}</p>
      ) : (
        <FormProblem refused={ended} words={words.problem} />
      )}
      <LinkButton kind="primary" href="/sign-in">
        {words.again}
      </LinkButton>
    </div>
  );
}

/** Telegram's own programs put this there; a browser that a link was sent to has none. */
const IN_TELEGRAM = 'TelegramWebviewProxy';

/**
 * A Mini App: inside Telegram it opens by itself. Elsewhere a press is asked for, so that a link of
 * somebody else does not put their account into this browser unseen.
 */
export function MiniApp({ next, language, words }: Props & Readonly<{ next: string }>) {
  const [ended, setEnded] = useState<Refused | 'nothing'>();
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    if (wordOfApp() === undefined) setEnded('nothing');
    else if (IN_TELEGRAM in window) void enter(wordOfApp(), { next, language }).then(setEnded);
    else setAsked(true);
  }, [next, language]);
  if (ended !== undefined) {
    return ended === 'nothing' ? (
      <p role="alert">{words.appNothing}</p>
    ) : (
      <FormProblem refused={ended} words={words.problem} />
    );
  }
  if (!isAsked) return <p role="status">{words.renew.checking}</p>;
  return (
    <div className="space-y-6">
      <p className="text-muted">{words.appText}</p>
      <Button
        kind="primary"
        type="button"
        onClick={() => void enter(wordOfApp(), { next, language }).then(setEnded)}
      >
        {words.enter}
      </Button>
    </div>
  );
}

function wordOfApp(): TelegramWordWire | undefined {
  const initData = new URLSearchParams(location.hash.slice(1)).get('tgWebAppData');
  return initData === null ? undefined : { initData };
}

/** Undefined: the account opens. */
async function enter(
  word: TelegramWordWire | undefined,
  { next, language }: { next: string; language: Language },
): Promise<Refused | 'nothing' | undefined> {
  if (word === undefined) return 'nothing';
  const asked = await ask<typeof API.session.telegram>('POST', '/auth/telegram', {
    language,
    body: word,
  });
  if (!asked.ok) return asked;
  location.replace(next);
  return undefined;
}
