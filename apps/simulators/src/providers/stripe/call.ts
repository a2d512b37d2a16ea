import type { Form } from './form.ts';
import type { Shown } from './present.ts';

/** One call of the API: what to do with the named object and the form (or the query). */
export type Call = (id: string, form: Form) => Shown;
