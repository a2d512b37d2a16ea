'use client';

import type { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { Button, LinkButton } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import type { Refused } from '../session/ask.ts';
import { FormProblem } from '../session/form-problem.tsx';
import { useSend } from '../session/session-keeper.tsx';
import { CodeField } from './code-field.tsx';
import { actWords } from './words/acts.ts';
import { listWords } from './words/lists.ts';

type Props = Readonly<{
  /** Where the rows of the list come as a file. */
  href: string;
  /** Until when the second factor is young enough; null: it is not. */
  freshUntil: string | null;
  language: Language;
}>;

/** Takes a list along. A file leaves the house, so an old second factor is proven anew first. */
export function ExportButton({ href, freshUntil, language }: Props) {
  const [isAsking, setAsking] = useState(false);
  const words = listWords[language];
  return (
    <>
      <LinkButton
        kind="secondary"
        href={href}
        onClick={(event) => {
          if (freshUntil !== null && Date.parse(freshUntil) > Date.now()) return;
          event.preventDefault();
          setAsking(true);
        }}
      >
        <Download aria-hidden size={16} strokeWidth={1.75} />
        {words.exportCsv}
      </LinkButton>
      <Dialog open={isAsking} onOpenChange={setAsking} title={words.exportCsv}>
        <Proof
          language={language}
          proven={() => {
            setAsking(false);
            location.assign(href);
          }}
        />
      </Dialog>
    </>
  );
}

function Proof({ language, proven }: { language: Language; proven: () => void }) {
  const [refused, setRefused] = useState<Refused>();
  const [isWorking, setWorking] = useState(false);
  const send = useSend();
  const words = actWords[language];

  async function prove(form: FormData): Promise<void> {
    const code = form.get('code');
    setWorking(true);
    const asked = await send<typeof API.session.stepUp>('POST', '/auth/step-up', {
      body: { code: typeof code === 'string' ? code : '' },
    });
    setWorking(false);
    if (asked.ok) proven();
    else setRefused(asked);
  }

  return (
    <form
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void prove(new FormData(event.currentTarget));
      }}
    >
      <CodeField words={words} />
      <FormProblem refused={refused} words={words.problem} />
      <Button kind="primary" disabled={isWorking}>
        {isWorking ? words.working : listWords[language].exportCsv}
      </Button>
    </form>
  );
}
