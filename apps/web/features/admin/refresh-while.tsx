'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';

const EVERY_MS = 2_000;

/** Draws the page again every two seconds while something on it is under way. */
export function RefreshWhile({ isUnderWay }: { isUnderWay: boolean }) {
  const router = useRouter();
  useEffect(() => {
    if (!isUnderWay) return undefined;
    const timer = setInterval(() => router.refresh(), EVERY_MS);
    return () => clearInterval(timer);
  }, [isUnderWay, router]);
  return null;
}
