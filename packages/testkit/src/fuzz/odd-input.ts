/** What the world may send, as bytes and as JSON: for property tests of everything that reads. */
import fc from 'fast-check';

/** One megabyte: four times what any notice may have. */
export const MEGABYTE = 1024 * 1024;
/** Deeper than any reader that calls itself survives. */
const DEPTH_MAX = 100_000;

const character = fc.constantFrom(
  ...['a', '"', '\\', '\0', 'ё', '№', '🚀', '\u202e', '\ud800', '\ufeff', '{', '[', '1', '.', '-'],
);

/** Texts in any place: unicode, halves of characters, numbers as text, names of built-in things. */
export const anyText = fc.oneof(
  fc.string({ unit: character, maxLength: 500 }),
  fc.integer().map(String),
  fc.constantFrom('', 'constructor', '__proto__', '1e3', '0x10', ' 499', '499,00', 'NaN'),
);

export const anyJson = fc.oneof(
  fc.jsonValue(),
  anyText,
  fc.constantFrom(null, true, -0, 1e308, 0.1, -1, 2 ** 53),
);

const NESTS = [
  { opening: '{"a":', closing: '}' },
  { opening: '[', closing: ']' },
  { opening: '{"__proto__":', closing: '}' },
  { opening: '[{"a":', closing: '}]' },
] as const;

/** Nested so deep, closed or not. */
const deepText = fc
  .record({
    depth: fc.oneof(fc.nat(2_000), fc.constant(DEPTH_MAX)),
    nest: fc.constantFrom(...NESTS),
    isClosed: fc.boolean(),
  })
  .map(
    ({ depth, nest, isClosed }) =>
      `${nest.opening.repeat(depth)}1${isClosed ? nest.closing.repeat(depth) : ''}`,
  );

/** JSON as nobody writes it on purpose: deep, repeated names, escapes of half a character. */
export const oddJsonText = fc.oneof(
  deepText,
  anyJson.map((value) => `\ufeff${JSON.stringify(value)}`),
  fc
    .tuple(anyJson, anyJson)
    .map(([one, two]) => `{"a":${JSON.stringify(one)},"a":${JSON.stringify(two)}}`),
  fc.constantFrom('{"a":"\\ud800"}', '"\\u0000"', '{"__proto__":{"a":1}}', '1e999', '-0'),
  fc.nat(400).map((digits) => `{"a":${'9'.repeat(digits + 1)}}`),
);

/** Bytes: random ones, texts, deep nesting, a megabyte of one character and a little more. */
export const anyBody = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 4_096 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 4, arbitrary: anyText.map((text) => Buffer.from(text)) },
  { weight: 3, arbitrary: oddJsonText.map((text) => Buffer.from(text)) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('[', ' ', '0', '"', '&a='), fc.constantFrom(-1, 0, 1))
      .map(([one, more]) => Buffer.from(one.repeat(MEGABYTE / one.length + more))),
  },
);
