import { copy, el } from './dom.js';

const TAGS = {
  bold: 'b',
  italic: 'i',
  underline: 'u',
  strikethrough: 's',
  blockquote: 'blockquote',
  expandable_blockquote: 'blockquote',
};

/**
 * Draws a text with its entities; the outer entity comes before the inner one.
 * @param {{ text: string, entities: { type: string, offset: number, length: number, url?: string }[] }} message
 * @param {{ link(url: string): void, command(text: string): void, copied(): void, copyLabel: string }} acts
 * @returns {Node[]}
 */
export function drawMarked({ text, entities }, acts) {
  return between(text, 0, text.length, entities, acts);
}

function between(text, from, to, entities, acts) {
  const nodes = [];
  let at = from;
  entities.forEach((entity, index) => {
    const end = Math.min(to, entity.offset + entity.length);
    if (entity.offset < at || end <= entity.offset) return;
    const inner = entities.slice(index + 1).filter((other) => other.offset < end);
    nodes.push(text.slice(at, entity.offset));
    nodes.push(
      wrap(
        entity,
        text.slice(entity.offset, end),
        () => between(text, entity.offset, end, inner, acts),
        acts,
      ),
    );
    at = end;
  });
  nodes.push(text.slice(at, to));
  return nodes.filter((node) => node !== '');
}

function wrap(entity, own, inside, acts) {
  if (entity.type === 'code' || entity.type === 'pre') {
    const act = async () => {
      await copy(own);
      acts.copied();
    };
    return el(
      'button',
      { class: entity.type, type: 'button', title: acts.copyLabel, onclick: act },
      own,
    );
  }
  if (entity.type === 'text_link' || entity.type === 'url') {
    const url = entity.url ?? own;
    const act = (event) => {
      event.preventDefault();
      acts.link(url);
    };
    return el('a', { href: url, onclick: act }, ...inside());
  }
  if (entity.type === 'bot_command') {
    return el(
      'button',
      { class: 'command', type: 'button', onclick: () => acts.command(own) },
      own,
    );
  }
  if (entity.type === 'spoiler') {
    const act = (event) => event.currentTarget.classList.add('shown');
    return el('button', { class: 'spoiler', type: 'button', onclick: act }, ...inside());
  }
  const tag = TAGS[entity.type];
  return tag === undefined ? el('span', {}, ...inside()) : el(tag, {}, ...inside());
}
