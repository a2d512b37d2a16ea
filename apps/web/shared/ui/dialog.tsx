'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Dialog as Base } from '@base-ui/react/dialog';
import type { ReactNode, RefObject } from 'react';

type Props = Readonly<{
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Verb and object, as on the button that acts. */
  title: string;
  /** Where focus starts; never on a danger button. Absent: on the first control. */
  initialFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null);
  children: ReactNode;
}>;

/**
 * A question above the page: keeps focus inside, closes on Esc, gives focus back to what opened it.
 * Its buttons, among them the one that keeps everything as it is, are the caller's.
 */
export function Dialog({ open, onOpenChange, title, initialFocus, children }: Props) {
  return (
    <CSPProvider disableStyleElements>
      <Base.Root open={open} onOpenChange={onOpenChange}>
        <Base.Portal>
          <Base.Backdrop className="fixed inset-0 animate-enter bg-text/40 dark:bg-bg/70" />
          <Base.Viewport className="fixed inset-0 grid place-items-center overflow-y-auto p-4">
            <Base.Popup
              {...(initialFocus === undefined ? {} : { initialFocus })}
              className="w-full max-w-lg animate-enter space-y-5 rounded-card border border-line bg-raised p-6 text-text shadow-dialog"
            >
              <Base.Title className="text-22">{title}</Base.Title>
              {children}
            </Base.Popup>
          </Base.Viewport>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}
