'use client';

import type { ActDone, ActPreview, API } from '@opora/contracts';
import { useRef, useState, type RefObject } from 'react';
import type { Refused } from '../session/ask.ts';
import { useSend } from '../session/session-keeper.tsx';
import { planChangeOf, wishOf, type Wish } from './act-fields.ts';
import type { ActProps } from './act.ts';

type AnyAct = (typeof API.acts)[keyof typeof API.acts];

const STEP_UP_REQUIRED = 'identity.step_up_required';

/** One act on its way: what the form says, what the API says, what is wrong. */
export type Act = Readonly<{
  form: RefObject<HTMLFormElement | null>;
  refused: Refused | undefined;
  /** The field whose answer cannot be read. */
  faulty: string | undefined;
  isWorking: boolean;
  asksCode: boolean;
  /** The wish as the form stands; undefined while a field cannot be read. */
  read: () => Wish | undefined;
  foresee: (wish: Wish) => Promise<ActPreview | undefined>;
  /** Undefined when it was refused, or when nobody knows. */
  perform: () => Promise<ActDone | undefined>;
}>;

export function useAct({ wish, fields, isPlan, ...paths }: ActProps, key: string): Act {
  const form = useRef<HTMLFormElement>(null);
  const [refused, setRefused] = useState<Refused>();
  const [faulty, setFaulty] = useState<string>();
  const [isWorking, setWorking] = useState(false);
  const [asksCode, setAsksCode] = useState(false);
  const send = useSend();

  function read(): Wish | undefined {
    const found = wishOf(fields, answersOf(form.current));
    setFaulty('faulty' in found ? found.faulty : undefined);
    if ('faulty' in found) return undefined;
    const whole = { ...wish, ...found.wish };
    return isPlan ? planChangeOf(whole) : whole;
  }

  async function foresee(read: Wish): Promise<ActPreview | undefined> {
    const asked = await send<AnyAct['preview']>('POST', paths.previewPath, { body: read as never }); // the form's own wish
    if (asked.ok) return asked.answer;
    setRefused(asked);
    return undefined;
  }

  async function stepUp(code: string): Promise<boolean> {
    const stepped = await send<typeof API.session.stepUp>('POST', '/auth/step-up', {
      body: { code },
    });
    if (!stepped.ok) setRefused(stepped);
    return stepped.ok;
  }

  async function order(read: Wish, reason: string): Promise<ActDone | undefined> {
    const asked = await send<AnyAct['perform']>('POST', paths.performPath, {
      body: { ...read, reason }, // the form's own wish
      key,
    });
    if (asked.ok) return asked.answer;
    if (asked.problem?.code === STEP_UP_REQUIRED) setAsksCode(true);
    setRefused(asked);
    return undefined;
  }

  async function perform(): Promise<ActDone | undefined> {
    const given = read();
    if (given === undefined || isWorking) return undefined;
    setWorking(true);
    setRefused(undefined);
    const { code = '', reason = '' } = answersOf(form.current);
    const isProven = code === '' || (await stepUp(code));
    const done = isProven ? await order(given, reason) : undefined;
    setWorking(false);
    return done;
  }

  return { form, refused, faulty, isWorking, asksCode, read, foresee, perform };
}

/** What stands in the form, by name; files, of which there are none, are left out. */
function answersOf(form: HTMLFormElement | null): Readonly<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const [name, value] of new FormData(form ?? undefined)) {
    if (typeof value === 'string') answers[name] = value;
  }
  return answers;
}
