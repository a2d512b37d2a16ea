/**
 * True messages changed at random: bytes that were altered on the way, and JSON that says something
 * else. The result is text, because a name that stands twice cannot be held by an object.
 */
import fc from 'fast-check';
import { anyJson, anyText } from './odd-input.ts';

/** Keys and places from the root; a number is a place in a list. */
type Path = readonly string[];
/** Of an empty list or object: there is nothing in it to change. */
const NOWHERE: Path = [''];

const SNIPPETS = ['\0', '\ufeff', '"a":1,', '{}', '[', '\\u0000', '\\ud800', '__proto__', '1e400'];

type Edit = Readonly<{ kind: string; at: number; length: number; bytes: Uint8Array }>;

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('flip', 'insert', 'delete', 'repeat', 'cut'),
  at: fc.nat(),
  length: fc.integer({ min: 1, max: 64 }),
  bytes: fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 16 }),
    fc.constantFrom(...SNIPPETS).map((text) => Uint8Array.from(Buffer.from(text))),
  ),
});

/** The same bytes with one to four places altered. */
export function mutatedBytes(seed: Buffer): fc.Arbitrary<Buffer> {
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) => edits.reduce((bytes, one) => alter(bytes, one), seed));
}

function alter(bytes: Buffer, { kind, at, length, bytes: given }: Edit): Buffer {
  const from = bytes.length === 0 ? 0 : at % bytes.length;
  const [before, after] = [bytes.subarray(0, from), bytes.subarray(from)];
  switch (kind) {
    case 'flip': {
      const changed = Buffer.from(bytes);
      changed[from] = (changed[from] ?? 0) ^ ((given[0] ?? 0) | 1);
      return changed;
    }
    case 'insert':
      return Buffer.concat([before, given, after]);
    case 'delete':
      return Buffer.concat([before, after.subarray(length)]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, length), after]);
    default:
      return before;
  }
}

type Change = Readonly<{
  place: number;
  kind: 'replace' | 'drop' | 'twice' | 'swap';
  value: unknown;
}>;

/** The same JSON with one or two values replaced, dropped, said twice or put elsewhere. */
export function mutatedJson(seed: unknown): fc.Arbitrary<string> {
  const places = placesOf(seed);
  const change: fc.Arbitrary<Change> = fc.record({
    place: fc.nat(places.length - 1),
    kind: fc.constantFrom('replace', 'replace', 'drop', 'twice', 'swap'),
    value: fc.oneof(
      anyJson,
      anyText,
      fc.nat(places.length - 1).map((at) => at),
    ),
  });
  return fc.array(change, { minLength: 1, maxLength: 2 }).map((changes) =>
    write(seed, [], (path) => {
      const found = changes.find(({ place }) => isSame(places[place] ?? [], path));
      if (found === undefined || found.kind !== 'swap') return found;
      const other = places[found.place % 7 === 0 ? 0 : places.length - 1 - found.place] ?? [];
      return { ...found, kind: 'replace', value: valueAt(seed, other) };
    }),
  );
}

/** The same JSON with the value at `path` (names joined by points) replaced; undefined: not there. */
export function replacedAt(seed: unknown, path: string, value: unknown): string | undefined {
  const wanted = path.split('.');
  if (!placesOf(seed).some((place) => isSame(place, wanted))) return undefined;
  return write(seed, [], (at) =>
    isSame(at, wanted) ? { place: 0, kind: 'replace', value } : undefined,
  );
}

/** What stands at `path` (names joined by points). */
export function readAt(seed: unknown, path: string): unknown {
  return valueAt(seed, path.split('.'));
}

/** Values next to a true one: as another kind, a little more or less, with signs around it. */
export function neighbours(value: unknown): fc.Arbitrary<unknown> {
  const text = String(value);
  const near = [
    `${text}0`,
    `${text} `,
    ` ${text}`,
    `-${text}`,
    `${text}\0`,
    `${text}.0001`,
    [value],
  ];
  const number = Number(text);
  const sums = Number.isFinite(number) ? [number + 1, number - 1, number * 100, number / 100] : [];
  return fc.oneof(
    fc.constantFrom(...near, ...sums, ...sums.map(String), { value }, text.slice(1), null),
    anyJson,
  );
}

function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below = Object.entries(value).flatMap(([key, one]) => placesOf(one, [...path, key]));
  if (path.length > 0) return [path, ...below];
  return below.length > 0 ? below : [NOWHERE];
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
    value,
  );
}

function isSame(one: Path, other: Path): boolean {
  return one.length === other.length && one.every((key, at) => key === other[at]);
}

function write(value: unknown, path: Path, changeAt: (path: Path) => Change | undefined): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const parts = Object.entries(value).flatMap(([key, one]: [string, unknown]) => {
    const at = [...path, key];
    const change = changeAt(at);
    const name = isList ? '' : `${JSON.stringify(key)}:`;
    const other = `${name}${JSON.stringify(change?.value ?? null)}`;
    if (change?.kind === 'drop') return [];
    if (change?.kind === 'replace') return [other];
    const same = `${name}${write(one, at, changeAt)}`;
    return change === undefined ? [same] : [other, same];
  });
  return isList ? `[${parts.join(',')}]` : `{${parts.join(',')}}`;
}
