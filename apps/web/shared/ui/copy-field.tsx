'use client';

import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from './button.tsx';
import type { CopyWords } from './copy-button.tsx';

type Props = Readonly<{
  /** What the value is, for speech. */
  label: string;
  value: string;
  words: CopyWords;
}>;

/** A text to take along. Where the browser does not copy, it is selected and the hand does it. */
export function CopyField({ label, value, words }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<'copied' | 'byHand'>();

  async function copy() {
    input.current?.select();
    try {
      await navigator.clipboard.writeText(value);
      setTold('copied');
    } catch {
      input.current?.focus();
      setTold('byHand');
    }
  }

  const Icon = told === 'copied' ? Check : Copy;
  return (
    <div>
      <div className="grid gap-2 sm:flex">
        <input
          ref={input}
          readOnly
          aria-label={label}
          value={value}
          onFocus={(event) => event.target.select()}
          className="min-h-(--control-height) min-w-0 sm:flex-1 rounded-control border border-control bg-sunken px-3 font-mono text-14"
        />
        <Button kind="secondary" type="button" onClick={() => void copy()}>
          <Icon aria-hidden size={20} strokeWidth={1.75} />
          {words.copy}
        </Button>
      </div>
      {/* Its line is always there, so that the page does not move when it speaks. */}
      <p role="status" className="mt-1 min-h-5 text-14 text-muted">
        {told === undefined ? '' : words[told]}
      </p>
    </div>
  );
}
