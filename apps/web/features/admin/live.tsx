'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

type Props = Readonly<{
  stream: string;
  /** The same figures by an ordinary call: while there is no stream. */
  plain: string;
  event: string;
  words: Readonly<{ on: string; off: string }>;
}>;

/** How long a stream may be away unnoticed, and then how often the page asks without one. */
const WITHOUT_MS = 10_000;

/**
 * Renews the page when the stream says that its figures changed: the server draws it again, so that
 * there is one way a figure is written. Without a stream the page asks from time to time, and stays
 * as it is while nobody answers. Said in words, never announced.
 */
export function Live({ stream, plain, event, words }: Props) {
  const router = useRouter();
  const [isLive, setLive] = useState(true);
  useEffect(() => {
    let isFirst = true;
    let timer: ReturnType<typeof setInterval> | undefined;
    let source = open();

    function open(): EventSource {
      const opened = new EventSource(stream);
      opened.addEventListener(event, () => {
        // The first one tells what the page shows already.
        if (!isFirst) router.refresh();
        isFirst = false;
      });
      opened.onopen = () => {
        clearInterval(timer);
        timer = undefined;
        setLive(true);
      };
      // Its end after some minutes is an error too: the browser opens it again by itself.
      opened.onerror = () => {
        timer ??= setInterval(() => void askWithout(), WITHOUT_MS);
      };
      return opened;
    }

    async function askWithout(): Promise<void> {
      // Refused, and not only cut: the browser has given up.
      if (source.readyState === EventSource.CLOSED) source = open();
      const answer = await fetch(plain, { cache: 'no-store' }).catch(() => undefined);
      // Opened meanwhile: the stream has the word again.
      if (timer === undefined) return;
      setLive(answer?.ok === true);
      if (answer?.ok === true) router.refresh();
    }

    return () => {
      clearInterval(timer);
      source.close();
    };
  }, [stream, plain, event, router]);
  return (
    <span className="inline-flex items-center gap-2 text-12 text-muted">
      <span aria-hidden className={`size-2 rounded-full ${isLive ? 'bg-good' : 'bg-warn'}`} />
      {isLive ? words.on : words.off}
    </span>
  );
}
