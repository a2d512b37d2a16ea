'use client';

import type { ActPreview } from '@opora/contracts';
import { useState } from 'react';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { verbOf, type ActProps } from './act.ts';
import { ActForm } from './act-form.tsx';

/**
 * The one way staff acts: a button, a dialog that says what will happen, a reason, and a second
 * factor where money or rights move. The key is born when the dialog opens, so two presses, or a
 * press after a lost answer, are one act.
 */
export function ConfirmAct(props: ActProps) {
  const [key, setKey] = useState<string>();
  const [preview, setPreview] = useState<ActPreview>();
  // What is asked first: the reason, unless the act cannot be understood without an answer.
  const firstField = props.fields.find(({ value }) => value === '')?.name ?? 'reason';
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
        initialFocus={() => document.getElementById(firstField)}
        title={preview?.title[props.language] ?? verbOf(props.label)}
      >
        {key === undefined ? null : (
          <ActForm {...props} actKey={key} preview={preview} previewed={setPreview} close={close} />
        )}
      </Dialog>
    </>
  );
}
