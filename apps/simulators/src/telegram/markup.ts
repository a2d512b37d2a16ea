import { badRequest, type Entity } from './bot-api.ts';

/** Text without tags and what the tags said about it. */
export type Marked = Readonly<{ text: string; entities: readonly Entity[] }>;

const SIMPLE_TAGS: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  'tg-spoiler': 'spoiler',
};

const NAMED_SIGNS: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const TAG =
  /^<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>/iu;
const ATTRIBUTE = /([a-z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/giu;
const SIGN = /^&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot));?/iu;

type Open = { tag: string; at: number; entity: Omit<Entity, 'offset' | 'length'> | undefined };

/**
 * Reads `parse_mode: HTML`. Throws the API's 400 ("can't parse entities: ...") for a tag that is
 * unknown, unclosed or crossed; offsets in those words are bytes, as Telegram counts them.
 */
export function parseHtml(source: string): Marked {
  const open: Open[] = [];
  const entities: Entity[] = [];
  let text = '';
  let at = 0;
  while (at < source.length) {
    const rest = source.slice(at, at + TAG_MAX);
    if (rest.startsWith('<')) {
      const tag = TAG.exec(rest);
      if (tag === null) throw cannotParse(`Unsupported start tag at ${place(source, at)}`);
      if (tag[1] === '/') close(open, entities, text.length, tag[2] ?? '', place(source, at));
      else open.push(opened(tag[2] ?? '', tag[3] ?? '', text.length, place(source, at), open));
      at += tag[0].length;
    } else {
      const sign = rest.startsWith('&') ? SIGN.exec(rest) : null;
      text += sign === null ? source.charAt(at) : decoded(sign);
      at += sign === null ? 1 : sign[0].length;
    }
  }
  const left = open.at(-1);
  if (left !== undefined) {
    throw cannotParse(`Can't find end tag corresponding to start tag "${left.tag}"`);
  }
  return trimmed({ text, entities: ordered(entities) });
}

/** A tag longer than this (a long link included) is not a tag. */
const TAG_MAX = 4_096;

const cannotParse = (why: string): Error => badRequest(`can't parse entities: ${why}`);

const place = (source: string, at: number): string =>
  `byte offset ${String(Buffer.byteLength(source.slice(0, at)))}`;

function decoded(sign: RegExpExecArray): string {
  const number = sign[1] !== undefined ? Number(sign[1]) : Number.parseInt(sign[2] ?? '', 16);
  if (sign[3] !== undefined) return NAMED_SIGNS[sign[3].toLowerCase()] ?? '';
  return number > 0 && number <= 0x10ffff ? String.fromCodePoint(number) : sign[0];
}

function opened(
  name: string,
  attributes: string,
  at: number,
  where: string,
  open: readonly Open[],
): Open {
  const tag = name.toLowerCase();
  const given = new Map(
    [...attributes.matchAll(ATTRIBUTE)].map((each) => [
      (each[1] ?? '').toLowerCase(),
      parseSigns(each[2] ?? each[3] ?? each[4] ?? ''),
    ]),
  );
  if (tag === 'a') return { tag, at, entity: linkOf(given.get('href') ?? '') };
  if (tag === 'span' && given.get('class') === 'tg-spoiler') {
    return { tag, at, entity: { type: 'spoiler' } };
  }
  if (tag === 'tg-emoji' && given.has('emoji-id')) {
    const id = given.get('emoji-id') ?? '';
    return { tag, at, entity: { type: 'custom_emoji', custom_emoji_id: id } };
  }
  if (tag === 'blockquote' && given.has('expandable')) {
    return { tag, at, entity: { type: 'expandable_blockquote' } };
  }
  const type = SIMPLE_TAGS[tag];
  if (type === undefined) throw cannotParse(`Unsupported start tag "${tag}" at ${where}`);
  const language = /^language-(.+)$/u.exec(given.get('class') ?? '')?.[1];
  const around = open.at(-1);
  if (tag === 'code' && language !== undefined && around?.tag === 'pre') {
    around.entity = { type: 'pre', language };
    return { tag, at, entity: undefined };
  }
  return { tag, at, entity: { type } };
}

/** An address the clients would not open leaves its text without a link, as Telegram does. */
function linkOf(href: string): Open['entity'] {
  const scheme = URL.canParse(href) ? new URL(href).protocol : '';
  return ['http:', 'https:', 'tg:', 'mailto:'].includes(scheme)
    ? { type: 'text_link', url: href }
    : undefined;
}

const parseSigns = (text: string): string =>
  text.replace(/&[^;\s]{1,9};/gu, (sign) => {
    const found = SIGN.exec(sign);
    return found === null ? sign : decoded(found);
  });

function close(open: Open[], entities: Entity[], end: number, name: string, where: string): void {
  const last = open.pop();
  if (last === undefined) throw cannotParse(`Unexpected end tag at ${where}`);
  if (last.tag !== name.toLowerCase()) {
    throw cannotParse(
      `Unmatched end tag at ${where}, expected "</${last.tag}>", found "</${name.toLowerCase()}>"`,
    );
  }
  if (last.entity !== undefined && end > last.at) {
    entities.push({ ...last.entity, offset: last.at, length: end - last.at });
  }
}

const ordered = (entities: readonly Entity[]): Entity[] =>
  entities.toSorted((one, other) => one.offset - other.offset || other.length - one.length);

/** Telegram cuts white space at both ends of a message and moves the entities along. */
export function trimmed({ text, entities }: Marked): Marked {
  const start = text.length - text.trimStart().length;
  const inner = text.trim();
  return {
    text: inner,
    entities: entities.flatMap((entity) => {
      const from = Math.max(0, entity.offset - start);
      const to = Math.min(inner.length, entity.offset - start + entity.length);
      return to > from ? [{ ...entity, offset: from, length: to - from }] : [];
    }),
  };
}

const FOUND = [
  { type: 'url', pattern: /(?<![\w@])https?:\/\/[^\s<>"]+[^\s<>".,;:!?)»]/giu },
  {
    type: 'bot_command',
    pattern: /(?<![\w/@.])\/[a-z0-9_]{1,32}(?:@[a-z0-9_]{3,32})?(?![\w/])/giu,
  },
  { type: 'mention', pattern: /(?<![\w/@.])@[a-z][a-z0-9_]{3,31}(?!\w)/giu },
] as const;

/** Adds what Telegram finds by itself: addresses, /commands and @names outside other entities. */
export function withFound({ text, entities }: Marked): Marked {
  const closed = entities.filter(
    (entity) => !['bold', 'italic', 'underline'].includes(entity.type),
  );
  const found: Entity[] = [];
  for (const { type, pattern } of FOUND) {
    for (const match of text.matchAll(pattern)) {
      const entity = { type, offset: match.index, length: match[0].length };
      if (![...closed, ...found].some((other) => overlap(entity, other))) found.push(entity);
    }
  }
  return { text, entities: ordered([...entities, ...found]) };
}

const overlap = (one: Entity, other: Entity): boolean =>
  one.offset < other.offset + other.length && other.offset < one.offset + one.length;
