import type { ReactNode } from 'react';

/** Nothing to show, and that is no fault: why, and the one next step. */
export function Empty({ title, why, step }: { title: string; why: string; step: ReactNode }) {
  return (
    <div className="max-w-[680px] space-y-4 rounded-card border border-line bg-surface p-6">
      <h3 className="text-18">{title}</h3>
      <p className="text-muted">{why}</p>
      {step}
    </div>
  );
}
