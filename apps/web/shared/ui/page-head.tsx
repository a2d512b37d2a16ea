import type { ReactNode } from 'react';

/** The one h1 of a page with its line of explanation. */
export function PageHead({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="max-w-[680px] space-y-4">
      <h1 className="text-28 sm:text-36">{title}</h1>
      {children === undefined ? null : <p className="text-18 text-muted">{children}</p>}
    </div>
  );
}
