'use client';

import type { API } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { useRef, useState, useTransition } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { useToast } from '../../shared/ui/toast.tsx';
import { useSend } from '../session/session-keeper.tsx';

type Props = Readonly<{
  path: string;
  name: string;
  words: Readonly<{
    remove: string;
    removeOf: string;
    title: string;
    text: readonly string[];
    keep: string;
    removed: string;
    failed: string;
  }>;
}>;

/** Takes something away after a question; what happens is said before the button, and after it. */
export function Removal({ path, name, words }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [isSending, start] = useTransition();
  const keep = useRef<HTMLButtonElement>(null);
  const [send, toast, router] = [useSend(), useToast(), useRouter()];

  function remove() {
    start(async () => {
      const asked = await send<
        | typeof API.me.removeDevice
        | typeof API.me.removeMethod
        | typeof API.account.removeEmail
        | typeof API.account.removeKey
        | typeof API.me.endSession
        | typeof API.me.endOtherSessions
      >('DELETE', path, {});
      if (!asked.ok) {
        setProblem(asked.problem?.title ?? words.failed);
        return;
      }
      setOpen(false);
      toast({ title: words.removed, detail: name });
      router.refresh();
    });
  }

  return (
    <>
      <Button
        kind="quiet"
        type="button"
        aria-label={words.removeOf}
        onClick={() => {
          setProblem(undefined);
          setOpen(true);
        }}
      >
        {words.remove}
      </Button>
      <Dialog open={isOpen} onOpenChange={setOpen} title={words.title} initialFocus={keep}>
        <p className="font-semibold break-words">{name}</p>
        <ul className="list-disc space-y-1 pl-5 text-muted">
          {words.text.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {problem === undefined ? null : (
          <p role="alert" className="text-bad">
            {problem}
          </p>
        )}
        <div className="grid gap-3 sm:flex sm:flex-wrap sm:justify-end">
          <Button ref={keep} kind="secondary" type="button" onClick={() => setOpen(false)}>
            {words.keep}
          </Button>
          <Button kind="danger" type="button" disabled={isSending} onClick={remove}>
            {words.removeOf}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
