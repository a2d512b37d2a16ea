import { Field } from '../../shared/ui/field.tsx';
import { Input, Select, TextArea } from '../../shared/ui/input.tsx';
import type { ActField } from './act-fields.ts';

const INPUTS = {
  whole: { type: 'text', inputMode: 'numeric' },
  money: { type: 'text', inputMode: 'decimal' },
  text: { type: 'text', inputMode: 'text' },
  email: { type: 'email', inputMode: 'email' },
  date: { type: 'date' },
  moment: { type: 'datetime-local' },
} as const;

/** One question of an act's dialog. */
export function ActFieldView({ field, error }: { field: ActField; error: string | undefined }) {
  return (
    <Field name={field.name} label={field.label} error={error}>
      {(control) => {
        if (field.kind === 'long') {
          return (
            <TextArea {...control} rows={4} required maxLength={700} defaultValue={field.value} />
          );
        }
        if (field.kind === 'choice') {
          return (
            <Select {...control} defaultValue={field.value}>
              {field.options.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
          );
        }
        return (
          <Input
            {...control}
            required
            {...INPUTS[field.kind]}
            autoComplete="off"
            defaultValue={field.value}
          />
        );
      }}
    </Field>
  );
}
