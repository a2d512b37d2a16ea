/** Reads the text format in which our roles tell their numbers (platform/metrics). */

export type Sample = Readonly<{
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}>;

const LINE = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/** The samples of `wanted` names; a line that is none is left out. */
export function readSamples(text: string, wanted: ReadonlySet<string>): Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = LINE.exec(line) ?? [];
    if (!wanted.has(name)) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = '', raw = '']) => [key, raw] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}
