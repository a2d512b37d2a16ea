'use client';

import type { ActPreview } from '@opora/contracts';
import { useRouter } from 'next/navigation';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { TextArea } from '../../shared/ui/input.tsx';
import { useToast } from '../../shared/ui/toast.tsx';
import { FormProblem } from '../session/form-problem.tsx';
import { ActFieldView } from './act-field-view.tsx';
import { verbOf, type ActProps } from './act.ts';
import { CodeField } from './code-field.tsx';
import { Consequences } from './consequences.tsx';
import { useAct } from './use-act.ts';

type Props = ActProps &
  Readonly<{
    actKey: string;
    preview: ActPreview | undefined;
    previewed: (preview: ActPreview) => void;
    close: () => void;
  }>;

/** What the act asks for, what it will change, why, and the press itself. */
export function ActForm(props: Props) {
  const { words, fields, preview, close, language } = props;
  const act = useAct(props, props.actKey);
  const toast = useToast();
  const router = useRouter();

  async function press(): Promise<void> {
    const done = await act.perform();
    if (done === undefined) return;
    close();
    const href = `/admin/audit#${done.auditId}`;
    toast({
      title: done.isFirst ? words.done : words.repeated,
      ...(done.note === null ? {} : { detail: done.note[language] }),
      action: { label: words.inAudit, href, takesFocus: true },
    });
    // What the page says was true before the act.
    router.refresh();
  }

  const verb = preview?.verb[language] ?? verbOf(props.label);
  return (
    <form
      ref={act.form}
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void press();
      }}
    >
      {fields.map((field) => (
        <ActFieldView
          key={field.name}
          field={field}
          error={act.faulty === field.name ? words.badAmount : undefined}
        />
      ))}
      <Consequences {...props} read={act.read} foresee={act.foresee} />
      <Field name="reason" label={words.reason} hint={words.reasonHint}>
        {(control) => <TextArea {...control} rows={2} required minLength={3} maxLength={500} />}
      </Field>
      {act.asksCode || preview?.needsStepUp === true ? <CodeField words={words} /> : null}
      <FormProblem refused={act.refused} words={words.problem} />
      <div className="flex flex-wrap gap-3">
        <Button kind={props.isDangerous ? 'danger' : 'primary'} disabled={act.isWorking}>
          {act.isWorking ? words.working : verb}
        </Button>
        <Button kind="secondary" type="button" onClick={close}>
          {words.keep}
        </Button>
      </div>
    </form>
  );
}
