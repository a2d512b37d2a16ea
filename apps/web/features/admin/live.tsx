'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';

type Props = Readonly<{ stream: string; event: string; live: string; lost: string }>;

/**
 * Renews the page when the stream says that its figures changed: the server draws it again, so that
 * there is one way a figure is written. Said in words, never announced.
 */
export function Live({ stream, event, live, lost }: Props) {
  const router = useRouter();
  const [isLive, setLive] = useState(true);
  useEffect(() => {
    const source = new EventSource(stream);
    let isFirst = true;
    source.addEventListener(event, () => {
      // The first one tells what the page shows already.
      if (!isFirst) router.refresh();
      isFirst = false;
    });
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    return () => source.close();
  }, [stream, event, router]);
  return (
    <span className="inline-flex items-center gap-2 text-12 text-muted">
      <span aria-hidden className={`size-2 rounded-full ${isLive ? 'bg-good' : 'bg-warn'}`} />
      {isLive ? live : lost}
    </span>
  );
}
