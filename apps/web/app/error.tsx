'use client';

import { Broken } from '../features/site/broken.tsx';

export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <Broken number={error.digest} retry={reset} />;
}
