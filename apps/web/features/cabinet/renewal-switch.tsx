'use client';

import type { API, MoneyWire } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { useToast } from '../../shared/ui/toast.tsx';
import { useSend } from '../session/session-keeper.tsx';

type Props = Readonly<{
  path: string;
  /** What the owner reads above and agrees to; undefined: it is on, and is switched off. */
  consent: Readonly<{ price: MoneyWire; words: string }> | undefined;
  words: Readonly<{
    switchOn: string;
    switchOff: string;
    switchedOn: string;
    switchedOff: string;
    failed: string;
  }>;
}>;

/** Gives the consent that is written above it, or takes it back at once. */
export function RenewalSwitch({ path, consent, words }: Props) {
  const [problem, setProblem] = useState<string>();
  const [isSending, start] = useTransition();
  const [send, toast, router] = [useSend(), useToast(), useRouter()];

  function press() {
    start(async () => {
      const asked =
        consent === undefined
          ? await send<typeof API.me.switchRenewalOff>('DELETE', path, {})
          : await send<typeof API.me.switchRenewalOn>('PUT', path, { body: consent });
      setProblem(asked.ok ? undefined : (asked.problem?.title ?? words.failed));
      if (asked.ok) toast({ title: consent === undefined ? words.switchedOff : words.switchedOn });
      router.refresh();
    });
  }

  return (
    <div className="space-y-3">
      {problem === undefined ? null : (
        <p role="alert" className="text-bad">
          {problem}
        </p>
      )}
      <Button kind="secondary" type="button" disabled={isSending} onClick={press}>
        {consent === undefined ? words.switchOff : words.switchOn}
      </Button>
    </div>
  );
}
