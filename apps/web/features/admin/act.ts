import type { Language } from '@opora/kernel';
import type { ActField, Wish } from './act-fields.ts';
import type { ActWords } from './words/acts.ts';

/** What the dialog of an act is given by the page that offers it. */
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

export function verbOf(label: string): string {
  return label.replace('…', '');
}
