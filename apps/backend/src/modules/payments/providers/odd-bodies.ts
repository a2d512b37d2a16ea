/** For property tests of every verifier: what the world may send, as bytes and as JSON. */
import fc from 'fast-check';

const character = fc.constantFrom(
  ...['a', '"', '\\', '\0', 'ё', '№', '🚀', '\u202e', '\ud800', '{', '[', '1', '.', '-'],
);

/** Texts in any place: unicode, halves of characters, numbers as text, names of built-in things. */
export const anyText = fc.oneof(
  fc.string({ unit: character, maxLength: 500 }),
  fc.integer().map(String),
  fc.constantFrom('', 'constructor', '__proto__', '1e3', '0x10', ' 499', '499,00'),
);

export const anyJson = fc.oneof(
  fc.jsonValue(),
  anyText,
  fc.constantFrom(null, true, -0, 1e308, 0.1, -1, 2 ** 53),
);

/** Bytes: random ones, texts, deep nesting, a megabyte of one character. */
export const anyBody = fc.oneof(
  fc.uint8Array({ maxLength: 4_096 }).map((bytes) => Buffer.from(bytes)),
  anyText.map((text) => Buffer.from(text)),
  fc.nat(30_000).map((depth) => Buffer.from('{"a":['.repeat(depth))),
  fc.constantFrom('[', ' ', '0').map((one) => Buffer.from(one.repeat(1024 * 1024))),
);
