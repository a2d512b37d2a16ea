'use client';

import type { API } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
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
export function OrderWatch({ orderId, ...rest }: Props & { orderId: string }) {
  const path = `/api/v1/me/orders/${orderId}`;
  const stale = useWatch(rest.known, async (send, round) => {
    const asked =
      rest.known !== 'preparing' && round % LOOK_EVERY === 0
        ? await send<typeof API.me.lookAtOrder>('POST', `${path}/look`, {})
        : await send<typeof API.me.order>('GET', path, {});
    return asked.ok ? asked.answer.progress : undefined;
  });
  return <Stale isStale={stale} text={rest.staleText} />;
}

/** Watches subscriptions of which one is being prepared. */
export function SubscriptionsWatch(props: Props) {
  const stale = useWatch(props.known, async (send) => {
    const asked = await send<typeof API.me.subscriptions>('GET', '/api/v1/me/subscriptions', {});
    return asked.ok ? asked.answer.items.map(({ state }) => state).join() : undefined;
  });
  return <Stale isStale={stale} text={props.staleText} />;
}

/** True while the last question had no answer. */
function useWatch(
  known: string,
  read: (send: Send, round: number) => Promise<string | undefined>,
): boolean {
  const [send, router] = [useSend(), useRouter()];
  const [isStale, setStale] = useState(false);
  useEffect(() => {
    let round = 0;
    let timer: ReturnType<typeof setTimeout>;
    let isLeft = false;
    async function askAgain() {
      const found = document.visibilityState === 'visible' ? await read(send, round++) : known;
      if (isLeft) return;
      setStale(found === undefined);
      if (found !== undefined && found !== known) router.refresh();
      if (round < ASKED_MAX) {
        timer = setTimeout(() => void askAgain(), round < SOON_MAX ? SOON_MS : LATER_MS);
      }
    }
    timer = setTimeout(() => void askAgain(), 0);
    return () => {
      isLeft = true;
      clearTimeout(timer);
    };
    // `read` is written anew on each drawing and always asks the same.
  }, [known, send, router]);
  return isStale;
}

/** Its line is always there, so that the page does not move when it speaks. */
function Stale({ isStale, text }: { isStale: boolean; text: string }) {
  return <div className="min-h-7">{isStale ? <Status tone="warn">{text}</Status> : null}</div>;
}
