'use client';

import { useState, useTransition } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import type { Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { leaveForTelegram, type Leaving, type TelegramWay } from './telegram-login.ts';
import type { SignInWords } from './words.ts';

/** One button, whichever way of Telegram is behind it. */
export function ToTelegram(props: {
  way: TelegramWay;
  leaving: Leaving;
  label: string;
  words: SignInWords;
}) {
  const { way, leaving, label, words } = props;
  const [refused, setRefused] = useState<Refused>();
  const [isLeaving, start] = useTransition();
  return (
    <>
      <FormProblem refused={refused} words={words.problem} />
      <Button
        kind="secondary"
        type="button"
        disabled={isLeaving}
        onClick={() => start(async () => setRefused(await leaveForTelegram(way, leaving)))}
      >
        {label}
      </Button>
    </>
  );
}
