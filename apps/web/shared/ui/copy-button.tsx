'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';

export type CopyWords = Readonly<{ copy: string; copied: string; byHand: string }>;

/** Takes a longer text along and says whether it did; the text itself stands beside it. */
export function CopyButton({ text, words }: { text: string; words: CopyWords }) {
  const [told, setTold] = useState<'copied' | 'byHand'>();

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setTold('copied');
    } catch {
      setTold('byHand');
    }
  }

  const Icon = told === 'copied' ? Check : Copy;
  return (
    <span className="flex items-center gap-3">
      <span role="status">{told === undefined ? '' : words[told]}</span>
      <Button kind="quiet" type="button" onClick={() => void copy()}>
        <Icon aria-hidden size={16} strokeWidth={1.75} />
        {words.copy}
      </Button>
    </span>
  );
}
