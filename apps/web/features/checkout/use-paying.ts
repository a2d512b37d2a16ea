'use client';

import type { OrderWire } from '@opora/contracts';
import { useActionState, useEffect, useState } from 'react';
import type { Refused } from '../session/ask.ts';

/** Stars are paid in Telegram only: its link opens the app, not a page. */
export const IN_TELEGRAM = 'stars';

type Placed = Refused | Readonly<{ ok: true; answer: OrderWire }> | undefined;

/**
 * Places an order and goes where it is paid, or to the page that says what became of it. `place`
 * answers undefined when there is nothing to send. Busy from the press until the page is left.
 */
export function usePaying(canPay: boolean, place: () => Promise<Placed>) {
  const [isLeaving, setLeaving] = useState(false);

  // Who comes back from the payment page by "back" finds the form as it was.
  useEffect(() => {
    const back = () => setLeaving(false);
    addEventListener('pageshow', back);
    return () => removeEventListener('pageshow', back);
  }, []);

  const [refused, pay, isSending] = useActionState(async (): Promise<Refused | undefined> => {
    if (!canPay) {
      // All ways rest: what is left to press is looking again.
      location.reload();
      return undefined;
    }
    const placed = await place();
    if (placed === undefined || !placed.ok) return placed;
    setLeaving(true);
    const { id, checkoutUrl } = placed.answer;
    const isPayable = checkoutUrl !== null && /^https?:\/\//.test(checkoutUrl);
    location.assign(isPayable ? checkoutUrl : `/cabinet/return?order=${id}`);
    return undefined;
  }, undefined);

  return { refused, pay, isBusy: isSending || isLeaving };
}
