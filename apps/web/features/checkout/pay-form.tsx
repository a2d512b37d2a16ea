'use client';

import type { API } from '@opora/contracts';
import { useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Check } from '../../shared/ui/check.tsx';
import { RadioCards } from '../../shared/ui/radio-cards.tsx';
import { FormProblem } from '../session/form-problem.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { IN_TELEGRAM, usePaying } from './use-paying.ts';
import type { Part, Way } from './ways.ts';

type Props = Readonly<{
  planId: string;
  keyOfPage: string;
  ways: readonly Way[];
  /** The first way that works; undefined when all of them rest. */
  chosen: string | undefined;
  /** The balance could pay a part; undefined: it has none in it. */
  part: Part | undefined;
  words: Readonly<{
    methods: string;
    resting: string;
    inTelegram: string;
    wholeOnly: string;
    renew: string;
    opening: string;
    later: string;
    problem: Readonly<{ unreachable: string; unreachableSafe: string; requestId: string }>;
  }>;
}>;

/** Chooses a way and pays: one press, one order, whatever the network does. */
export function PayForm({ planId, keyOfPage, ways, chosen, part, words }: Props) {
  const send = useSend();
  const [provider, setProvider] = useState(chosen);
  const [isMixed, setMixed] = useState(false);
  const [renews, setRenews] = useState(false);
  const way = ways.find((each) => each.provider === provider);
  const rest = isMixed ? way?.rest : undefined;
  const consent = renews ? way?.consent : undefined;

  const { refused, pay, isBusy } = usePaying(way !== undefined, async () => {
    if (way === undefined) return undefined;
    return send<typeof API.me.placeOrder>('POST', '/api/v1/me/orders', {
      body: {
        ...{ planId, provider: way.provider, price: way.price },
        ...(rest && { rest: rest.price }),
        ...(consent && { renewalWords: consent.version }),
      },
      key: `${keyOfPage}-${way.provider}`,
    });
  });

  /** With the balance first, a way that pays whole only cannot stay chosen. */
  function mix(wanted: boolean) {
    setMixed(wanted);
    if (!wanted || way?.rest !== undefined) return;
    setProvider(ways.find((each) => each.rest !== undefined && !each.isResting)?.provider);
  }

  return (
    <form action={pay} className="space-y-6">
      <FormProblem refused={refused} words={words.problem} />
      {part === undefined ? null : (
        <Box name="mixed" label={part.label} text={part.text} checked={isMixed} onCheck={mix} />
      )}
      <RadioCards
        // The cards keep their own choice; the box above makes them anew.
        key={String(isMixed)}
        name="provider"
        legend={words.methods}
        chosen={provider}
        onChoose={setProvider}
        cards={ways.map((each) => cardOf(each, { isMixed, words }))}
      />
      {way?.consent === undefined ? null : (
        <Box
          name="renews"
          label={words.renew}
          text={way.consent.text}
          checked={renews}
          onCheck={setRenews}
        />
      )}
      <div className="space-y-3">
        <Button kind="primary" disabled={isBusy}>
          {isBusy ? words.opening : (rest?.pay ?? way?.pay ?? words.later)}
        </Button>
        <p className="text-14 text-muted">{way?.where}</p>
      </div>
    </form>
  );
}

type BoxProps = Readonly<{
  name: string;
  label: string;
  text: string;
  checked: boolean;
  onCheck: (isChecked: boolean) => void;
}>;

/** A yes or no about money, with what it means below it. */
function Box({ name, label, text, checked, onCheck }: BoxProps) {
  const describedBy = `${name}-how`;
  return (
    <div className="rounded-card border border-line bg-surface px-4 py-3">
      <Check
        name={name}
        label={label}
        aria-describedby={describedBy}
        checked={checked}
        onChange={(event) => onCheck(event.target.checked)}
      />
      <p id={describedBy} className="text-14 text-muted">
        {text}
      </p>
    </div>
  );
}

/** A card of the list; with the balance first it shows what is left, or rests. */
function cardOf(
  { provider, title, detail, sum, rest, isResting }: Way,
  { isMixed, words }: { isMixed: boolean; words: Props['words'] },
) {
  const isWhole = isMixed && rest === undefined;
  const about = isResting
    ? words.resting
    : isWhole
      ? words.wholeOnly
      : provider === IN_TELEGRAM
        ? words.inTelegram
        : detail;
  return {
    value: provider,
    title,
    side: (isMixed ? rest?.sum : undefined) ?? sum,
    isResting: isResting || isWhole,
    ...(about !== undefined && { detail: about }),
  };
}
