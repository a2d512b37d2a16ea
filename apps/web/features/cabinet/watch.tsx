'use client';

import type { API } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { Status } from '../../shared/ui/status.tsx';
import { useSend, type Send } from '../session/session-keeper.tsx';

const SOON_MS = 2_000;
const LATER_MS = 6_000;
/** After so many questions nobody sits and waits; they are asked more rarely. */
const SOON_MAX = 30;
const ASKED_MAX = 300;
/** The payment service itself is asked at once and then every few rounds: its notices come anyway. */
const LOOK_EVERY = 5;

type Props = Readonly<{
  /** What the page shows now; the page is drawn again when it is no longer so. */
  known: string;
  /** Said while nobody answers. */
  staleText: string;
}>;

/** Watches an order that is on its way: the page changes by itself, without a reload. */
export function OrderWatch({ orderId, known, staleText }: Props & { orderId: string }) {
  const router = useRouter();
  const path = `/api/v1/me/orders/${orderId}`;
  const isStale = useWatch(known, {
    async read(send, round) {
      if (known !== 'preparing' && round % LOOK_EVERY === 0) {
        const looked = await send<typeof API.me.lookAtOrder>('POST', `${path}/look`, {});
        return looked.ok ? looked.answer.progress : undefined;
      }
      const asked = await send<typeof API.me.order>('GET', path, {});
      if (!asked.ok) return undefined;
      // Only the payment service itself can end the doubt that it has raised.
      return asked.answer.progress === 'waiting' ? known : asked.answer.progress;
    },
    show(found) {
      const here = `/cabinet/return?order=${orderId}`;
      if (found === 'unknown') router.replace(`${here}&seen=unknown`);
      else if (known === 'unknown') router.replace(here);
      else router.refresh();
    },
  });
  return <Stale isStale={isStale} text={staleText} />;
}

/** Watches subscriptions of which one is being prepared. */
export function SubscriptionsWatch({ known, staleText }: Props) {
  const router = useRouter();
  const isStale = useWatch(known, {
    async read(send) {
      const asked = await send<typeof API.me.subscriptions>('GET', '/api/v1/me/subscriptions', {});
      return asked.ok ? asked.answer.items.map(({ state }) => state).join() : undefined;
    },
    show: () => router.refresh(),
  });
  return <Stale isStale={isStale} text={staleText} />;
}

type Watching = Readonly<{
  /** Undefined: nobody answered. */
  read: (send: Send, round: number) => Promise<string | undefined>;
  show: (found: string) => void;
}>;

/** Asks until what is known has changed; true while the last question had no answer. */
function useWatch(known: string, watching: Watching): boolean {
  const send = useSend();
  const [isStale, setStale] = useState(false);
  // Written anew on each drawing; the loop below always takes the newest.
  const newest = useRef(watching);
  useEffect(() => {
    newest.current = watching;
  });
  useEffect(() => {
    let round = 0;
    let timer: ReturnType<typeof setTimeout>;
    let isLeft = false;
    async function askAgain() {
      const isSeen = document.visibilityState === 'visible';
      const found = isSeen ? await newest.current.read(send, round++) : known;
      if (isLeft) return;
      setStale(found === undefined);
      if (found !== undefined && found !== known) newest.current.show(found);
      const wait = round < SOON_MAX ? SOON_MS : LATER_MS;
      if (round < ASKED_MAX) timer = setTimeout(() => void askAgain(), wait);
    }
    timer = setTimeout(() => void askAgain(), 0);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
  }, [known, send]);
  return isStale;
}

/** Its line is always there, so that the page does not move when it speaks. */
function Stale({ isStale, text }: { isStale: boolean; text: string }) {
  return <div className="min-h-7">{isStale ? <Status tone="warn">{text}</Status> : null}</div>;
}
