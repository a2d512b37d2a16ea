'use client';

import type { API, SignInStep } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useState, useTransition } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { ask, type Asked, type Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { answerWithKey } from './passkey.ts';
import type { SignInWords } from './words.ts';

type Ended = Asked<typeof API.session.passkey> | 'no key';

/** Signs a customer in with whatever key this browser has for the site. */
export function PasskeySignIn(props: { next: string; language: Language; words: SignInWords }) {
  const { next, language } = props;
  return (
    <PasskeyButton
      words={props.words}
      prove={async () => {
        const asked = await ask<typeof API.session.askPasskey>('POST', '/auth/passkey/ask', {
          language,
        });
        if (!asked.ok) return asked;
        const body = await answerWithKey(asked.answer);
        if (body === undefined) return 'no key';
        return ask<typeof API.session.passkey>('POST', '/auth/passkey', { language, body });
      }}
      onStep={() => location.assign(next)}
    />
  );
}

/** Instead of the code of the authenticator. */
export function PasskeyFactor(props: {
  challenge: string;
  language: Language;
  words: SignInWords;
  onStep: (step: SignInStep) => void;
}) {
  const { challenge, language } = props;
  return (
    <PasskeyButton
      words={props.words}
      prove={async () => {
        const asked = await ask<typeof API.session.askPasskeyFactor>(
          'POST',
          '/auth/second-factor/passkey/ask',
          { language, body: { challenge } },
        );
        if (!asked.ok) return asked;
        const answer = await answerWithKey(asked.answer);
        if (answer === undefined) return 'no key';
        return ask<typeof API.session.passkeyFactor>('POST', '/auth/second-factor/passkey', {
          language,
          body: { challenge, answer },
        });
      }}
      onStep={props.onStep}
    />
  );
}

function PasskeyButton(props: {
  words: SignInWords;
  prove: () => Promise<Ended>;
  onStep: (step: SignInStep) => void;
}) {
  const { words, prove, onStep } = props;
  const [refused, setRefused] = useState<Refused | 'no key'>();
  const [isAsking, start] = useTransition();
  const press = () =>
    start(async () => {
      setRefused(undefined);
      const ended = await prove();
      if (ended !== 'no key' && ended.ok) onStep(ended.answer);
      else setRefused(ended);
    });
  return (
    <div className="space-y-3">
      {refused === 'no key' ? (
        <p role="alert" className="text-14 text-bad">
          {words.passkeyNone}
        </p>
      ) : (
        <FormProblem refused={refused} words={words.problem} />
      )}
      <Button kind="secondary" type="button" disabled={isAsking} onClick={press}>
        {words.withPasskey}
      </Button>
    </div>
  );
}
