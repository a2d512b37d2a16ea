'use client';

import type { API, MoneyWire } from '@opora/contracts';
import { useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { Input } from '../../shared/ui/input.tsx';
import { RadioCards } from '../../shared/ui/radio-cards.tsx';
import { IN_TELEGRAM, usePaying } from '../checkout/use-paying.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { useSend } from '../session/session-keeper.tsx';

type Way = Readonly<{
  provider: string;
  title: string;
  isResting: boolean;
  sums: readonly Readonly<{ amount: MoneyWire; text: string }>[];
  /** A sum of one's own, in whole units of the currency. */
  typed: Readonly<{
    currency: MoneyWire['currency'];
    /** Zeros that make minor units of whole ones. */
    scale: number;
    least: number;
    most: number;
    /** One unit in words: `1 ₽`. */
    shape: string;
    hint: string;
    wrong: string;
  }>;
}>;

type Props = Readonly<{
  keyOfPage: string;
  ways: readonly Way[];
  /** The first way that works; undefined when all of them rest. */
  chosen: string | undefined;
  words: Readonly<{
    ways: string;
    sums: string;
    otherSum: string;
    otherSumLabel: string;
    /** With `{sum}` where the sum goes. */
    pay: string;
    opening: string;
    where: string;
    resting: string;
    inTelegram: string;
    later: string;
    problem: Readonly<{ unreachable: string; unreachableSafe: string; requestId: string }>;
  }>;
}>;

const OTHER = 'other';

/** A way, a sum of its currency, and off to the payment page: one press, one order. */
export function TopUpForm({ keyOfPage, ways, chosen, words }: Props) {
  const send = useSend();
  const [provider, setProvider] = useState(chosen);
  const way = ways.find((each) => each.provider === provider);
  const [choice, setChoice] = useState('0');
  const [typed, setTyped] = useState('');
  const [isWrong, setWrong] = useState(false);
  const sum = way && sumOf(way, choice, typed);
  const { refused, pay, isBusy } = usePaying(way !== undefined, async () => {
    if (way === undefined || sum === undefined) {
      setWrong(true);
      document.getElementById('other-sum')?.focus();
      return undefined;
    }
    setWrong(false);
    return send<typeof API.me.topUp>('POST', '/api/v1/me/top-ups', {
      body: { provider: way.provider, amount: sum.amount },
      key: `${keyOfPage}-${way.provider}-${sum.amount.minor}`,
    });
  });

  return (
    <form action={pay} className="space-y-6" noValidate>
      <FormProblem refused={refused} words={words.problem} />
      <RadioCards
        name="provider"
        legend={words.ways}
        chosen={chosen}
        onChoose={setProvider}
        isGrid
        cards={ways.map((each) => ({
          value: each.provider,
          title: each.title,
          isResting: each.isResting,
          ...(each.isResting && { detail: words.resting }),
        }))}
      />
      {way === undefined ? null : (
        <Sums
          // Another currency has other sums: the choice begins anew.
          key={way.typed.currency}
          way={way}
          choice={choice}
          onChoose={setChoice}
          typed={typed}
          onType={setTyped}
          isWrong={isWrong && sum === undefined}
          words={words}
        />
      )}
      <div className="space-y-3">
        <Button kind="primary" disabled={isBusy}>
          {isBusy
            ? words.opening
            : way === undefined
              ? words.later
              : words.pay.replace('{sum}', sum?.text ?? '…')}
        </Button>
        <p className="text-14 text-muted">
          {way?.provider === IN_TELEGRAM ? words.inTelegram : words.where}
        </p>
      </div>
    </form>
  );
}

type SumsProps = Readonly<{
  way: Way;
  choice: string;
  onChoose: (choice: string) => void;
  typed: string;
  onType: (typed: string) => void;
  isWrong: boolean;
  words: Props['words'];
}>;

function Sums({ way, choice, onChoose, typed, onType, isWrong, words }: SumsProps) {
  return (
    <>
      <RadioCards
        name="sum"
        legend={words.sums}
        chosen={choice}
        onChoose={onChoose}
        isGrid
        cards={[
          ...way.sums.map(({ text }, at) => ({ value: String(at), title: text })),
          { value: OTHER, title: words.otherSum },
        ]}
      />
      {choice === OTHER ? (
        <Field
          name="other-sum"
          label={words.otherSumLabel}
          hint={way.typed.hint}
          error={isWrong ? way.typed.wrong : undefined}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              autoComplete="off"
              value={typed}
              onChange={(event) => onType(event.target.value.trim())}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

/** The chosen sum with its words; undefined: what was typed is none that is taken. */
function sumOf(way: Way, choice: string, typed: string) {
  if (choice !== OTHER) return way.sums[Number(choice)] ?? way.sums[0];
  const { currency, scale, least, most, shape } = way.typed;
  const isWhole = /^[1-9]\d{0,8}$/.test(typed);
  if (!isWhole || Number(typed) < least || Number(typed) > most) return undefined;
  return {
    amount: { minor: typed + '0'.repeat(scale), currency },
    text: shape.replace('1', typed),
  };
}
