import { escapeHtml } from '../http.ts';
import type { Entity } from './bot-api.ts';

const TAGS: Readonly<Record<string, string>> = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  spoiler: 'tg-spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
};

/** Text and entities back as Telegram's HTML, for readers of the control API. */
export function toHtml(text: string, entities: readonly Entity[]): string {
  return between(text, 0, text.length, entities);
}

function between(text: string, from: number, to: number, entities: readonly Entity[]): string {
  let html = '';
  let at = from;
  for (const [index, entity] of entities.entries()) {
    const end = Math.min(to, entity.offset + entity.length);
    if (entity.offset < at || end <= entity.offset) continue;
    const inner = entities.slice(index + 1).filter((other) => other.offset < end);
    const content = between(text, entity.offset, end, inner);
    html += escapeHtml(text.slice(at, entity.offset)) + wrapped(entity, content);
    at = end;
  }
  return html + escapeHtml(text.slice(at, to));
}

function wrapped(entity: Entity, content: string): string {
  if (entity.type === 'text_link')
    return `<a href="${escapeHtml(entity.url ?? '')}">${content}</a>`;
  if (entity.type === 'expandable_blockquote') {
    return `<blockquote expandable>${content}</blockquote>`;
  }
  if (entity.type === 'pre' && entity.language !== undefined) {
    return `<pre><code class="language-${escapeHtml(entity.language)}">${content}</code></pre>`;
  }
  const tag = TAGS[entity.type];
  return tag === undefined ? content : `<${tag}>${content}</${tag}>`;
}
