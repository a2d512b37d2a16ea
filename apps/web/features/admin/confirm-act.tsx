'use client';

import type { ActPreview } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import type { ActField, Wish } from './act-fields.ts';
import { ActForm } from './act-form.tsx';
import type { ActWords } from './words/acts.ts';

export type ActProps = Readonly<{
  /** The verb with its dots: more is asked before anything happens. */
  label: string;
  isDangerous: boolean;
  previewPath: string;
  performPath: string;
  /** The wish is a new version of a plan, whose fields are gathered. */
  isPlan: boolean;
  wish: Wish;
  fields: readonly ActField[];
  language: Language;
  words: ActWords;
}>;

/**
 * The one way staff acts: a button, a dialog that says what will happen, a reason, and a second
 * factor where money or rights move. The key is born when the dialog opens, so two presses, or a
 * press after a lost answer, are one act.
 */
export function ConfirmAct(props: ActProps) {
  const [key, setKey] = useState<string>();
  const [preview, setPreview] = useState<ActPreview>();
  const close = (): void => setKey(undefined);
  return (
    <>
      <Button
        kind="secondary"
        type="button"
        onClick={() => {
          setPreview(undefined);
          setKey(crypto.randomUUID());
        }}
      >
        {props.label}
      </Button>
      <Dialog
        open={key !== undefined}
        onOpenChange={(open) => {
          if (!open) close();
        }}
        title={preview?.title[props.language] ?? verbOf(props.label)}
      >
        {key === undefined ? null : (
          <ActForm {...props} actKey={key} preview={preview} previewed={setPreview} close={close} />
        )}
      </Dialog>
    </>
  );
}

export function verbOf(label: string): string {
  return label.replace('…', '');
}
