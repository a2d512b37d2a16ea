'use client';

import type { API } from '@opora/contracts';
import { useEffect, useRef, useState } from 'react';
import { LinkButton } from '../../shared/ui/button.tsx';
import type { Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { useSend, type Send } from '../session/session-keeper.tsx';
import { telegramAnswer } from '../sign-in/telegram-login.ts';
import type { SignInWords } from '../sign-in/words.ts';
import type { AccountWords } from './words.ts';

export type Act = 'connect' | 'prove';

/** Stands where Telegram comes back to: its word proves, or becomes a way in. */
export function TelegramWay({ words, step }: { words: AccountWords; step: SignInWords }) {
  const [ended, setEnded] = useState<Refused | 'nothing'>();
  const isUsed = useRef(false);
  const send = useSend();
  useEffect(() => {
    // The word counts once: a renewed session must not bring it again.
    if (isUsed.current) return;
    isUsed.current = true;
    void bring(send).then(setEnded);
  }, [send]);
  if (ended === undefined) return <p role="status">{step.renew.checking}</p>;
  return (
    <div className="space-y-6">
      {ended === 'nothing' ? (
        <p role="alert">{step.telegramNothing}</p>
      ) : (
        <FormProblem refused={ended} words={step.problem} />
      )}
      <LinkButton kind="primary" href="/cabinet/account">
        {words.toWays}
      </LinkButton>
    </div>
  );
}

/** Undefined: done, and the page of the ways opens. */
async function bring(send: Send): Promise<Refused | 'nothing' | undefined> {
  const answer = telegramAnswer();
  if (answer === undefined) return 'nothing';
  const { word, after } = answer;
  const act: Act = after === 'connect' ? 'connect' : 'prove';
  const asked =
    act === 'connect'
      ? await send<typeof API.account.connectTelegram>('PUT', '/auth/account/telegram', {
          body: word,
        })
      : await send<typeof API.account.prove>('POST', '/auth/account/proof', { body: { word } });
  if (!asked.ok) return asked;
  location.replace('/cabinet/account');
  return undefined;
}
