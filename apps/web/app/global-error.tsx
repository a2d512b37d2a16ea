'use client';

import { Broken } from '../features/site/broken.tsx';
import '../shared/theme/theme.css';

export default function GlobalErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="ru" data-theme="system">
      <body>
        <Broken number={error.digest} retry={reset} />
      </body>
    </html>
  );
}
