'use client';

import type { API, MoneyWire } from '@opora/contracts';
import { useActionState, useEffect, useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { RadioCards } from '../../shared/ui/radio-cards.tsx';
import type { Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { useSend } from '../session/session-keeper.tsx';

type Way = Readonly<{
  provider: string;
  title: string;
  /** Goes with the order: nobody is charged what they did not see. */
  price: MoneyWire;
  sum: string;
  /** The button's words with the sum. */
  pay: string;
  isResting: boolean;
}>;

type Props = Readonly<{
  planId: string;
  keyOfPage: string;
  ways: readonly Way[];
  /** The first way that works; undefined when all of them rest. */
  chosen: string | undefined;
  words: Readonly<{
    methods: string;
    resting: string;
    inTelegram: string;
    opening: string;
    where: string;
    later: string;
    problem: Readonly<{ unreachable: string; unreachableSafe: string; requestId: string }>;
  }>;
}>;

/** Stars are paid in Telegram only: its link opens the app, not a page. */
const IN_TELEGRAM = 'stars';

/** Chooses a way and pays: one press, one order, whatever the network does. */
export function PayForm({ planId, keyOfPage, ways, chosen, words }: Props) {
  const send = useSend();
  const [provider, setProvider] = useState(chosen);
  const [isLeaving, setLeaving] = useState(false);
  const way = ways.find((each) => each.provider === provider);

  // Who comes back from the payment page by "back" finds the form as it was.
  useEffect(() => {
    const back = () => setLeaving(false);
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);

  const [refused, pay, isSending] = useActionState(async (): Promise<Refused | undefined> => {
    if (way === undefined) {
      // All of them rest: what is left to press is looking again.
      location.reload();
      return undefined;
    }
    const asked = await send<typeof API.me.placeOrder>('POST', '/api/v1/me/orders', {
      body: { planId, provider: way.provider, price: way.price },
      key: `${keyOfPage}-${way.provider}`,
    });
    if (!asked.ok) return asked;
    setLeaving(true);
    const { id, checkoutUrl } = asked.answer;
    const isPayable = checkoutUrl !== null && /^https?:\/\//.test(checkoutUrl);
    location.assign(isPayable ? checkoutUrl : `/cabinet/return?order=${id}`);
    return undefined;
  }, undefined);

  const isBusy = isSending || isLeaving;
  return (
    <form action={pay} className="space-y-6">
      <FormProblem refused={refused} words={words.problem} />
      <RadioCards
        name="provider"
        legend={words.methods}
        chosen={chosen}
        onChoose={setProvider}
        cards={ways.map((each) => ({
          value: each.provider,
          title: each.title,
          side: each.sum,
          isResting: each.isResting,
          ...(each.provider === IN_TELEGRAM && { detail: words.inTelegram }),
          ...(each.isResting && { detail: words.resting }),
        }))}
      />
      <div className="space-y-3">
        <Button kind="primary" disabled={isBusy}>
          {isBusy ? words.opening : (way?.pay ?? words.later)}
        </Button>
        <p className="text-14 text-muted">{words.where}</p>
      </div>
    </form>
  );
}
