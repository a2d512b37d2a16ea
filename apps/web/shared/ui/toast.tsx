'use client';

import { CSPProvider } from '@base-ui/react/csp-provider';
import { Toast as Base } from '@base-ui/react/toast';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';

/** What was done; `action` leads to where it can be seen, and takes the focus when asked to. */
export type ToastWish = Readonly<{
  title: string;
  detail?: string;
  action?: Readonly<{ label: string; href: string; takesFocus?: boolean }>;
}>;

const SHOWN_MS = 8_000;
const SHOWN_MAX = 3;

/** The corner where things that were done are told, politely; around everything that may tell. */
export function ToastProvider({ close, children }: { close: string; children: ReactNode }) {
  return (
    <CSPProvider disableStyleElements>
      <Base.Provider timeout={SHOWN_MS} limit={SHOWN_MAX}>
        {children}
        <Base.Portal>
          <Base.Viewport className="fixed right-4 bottom-4 left-4 space-y-3 sm:left-auto sm:w-96">
            <Toasts close={close} />
          </Base.Viewport>
        </Base.Portal>
      </Base.Provider>
    </CSPProvider>
  );
}

/** Tells one thing. */
export function useToast(): (wish: ToastWish) => void {
  const { add } = Base.useToastManager<ToastWish>();
  return (wish) => {
    // Whoever must reach the action keeps it until they have.
    const timeout = wish.action === undefined ? SHOWN_MS : 0;
    add({ title: wish.title, description: wish.detail, timeout, data: wish });
  };
}

function Toasts({ close }: { close: string }) {
  const { toasts } = Base.useToastManager<ToastWish>();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="animate-enter rounded-card border border-line bg-raised text-text shadow-pop data-limited:hidden"
    >
      <Base.Content className="flex items-start gap-3 p-4">
        <div className="min-w-0 flex-1 space-y-1">
          <Base.Title className="font-semibold" />
          <Base.Description className="text-14 text-muted" />
          <Action action={toast.data?.action} />
        </div>
        <Base.Close
          aria-label={close}
          className="flex size-8 shrink-0 items-center justify-center rounded-control text-muted hover:bg-accent-soft"
        >
          <X aria-hidden size={20} strokeWidth={1.75} />
        </Base.Close>
      </Base.Content>
    </Base.Root>
  ));
}

function Action({ action }: { action: ToastWish['action'] }) {
  if (action === undefined) return null;
  return (
    <a
      href={action.href}
      ref={(link) => {
        if (action.takesFocus === true) link?.focus();
      }}
      className="inline-flex min-h-6 items-center text-accent-text underline underline-offset-4"
    >
      {action.label}
    </a>
  );
}
