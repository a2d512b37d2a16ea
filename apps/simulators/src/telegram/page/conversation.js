import { ANSWER_LIMIT_MS, drawBubble, newAnswers } from './bubble.js';
import { el } from './dom.js';

const NEAR_BOTTOM_PX = 80;

/**
 * The list of messages of one phone, kept at its end unless the reader scrolled up.
 * @param {{ locale: string, words: any, acts: any, answered(tap: any): void, empty(is: boolean): void }} phone
 */
export function createConversation({ locale, words, acts, answered, empty }) {
  const messages = new Map();
  const nodes = new Map();
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'long' });
  const root = el('ol', { class: 'messages', tabindex: 0, 'aria-label': words.messages });
  keepAtEnd(root);
  root.addEventListener('keydown', (event) => walk(event, root));

  function draw(message) {
    const node = drawBubble(message, { words, time, acts });
    const old = nodes.get(message.messageId);
    nodes.set(message.messageId, node);
    if (old !== undefined) replaceKeepingFocus(old, node);
    else root.append(...pillBefore(message), node);
  }

  function pillBefore(message) {
    const label = day.format(new Date(message.at));
    const before = [...messages.values()].findLast((each) => each.messageId < message.messageId);
    const sameDay = before !== undefined && day.format(new Date(before.at)) === label;
    return sameDay ? [] : [el('li', { class: 'pill' }, el('span', {}, label))];
  }

  /** Draws a waiting tap once more when its time is over. */
  function watchTaps({ messageId, taps }) {
    if (taps.every((tap) => tap.answer !== undefined)) return;
    setTimeout(() => {
      const message = messages.get(messageId);
      if (message?.taps.some((tap) => tap.answer === undefined)) draw(message);
    }, ANSWER_LIMIT_MS + 50);
  }

  function drop(messageId) {
    nodes.get(messageId)?.remove();
    nodes.delete(messageId);
    messages.delete(messageId);
    empty(messages.size === 0);
  }

  return {
    root,
    /** Answers whether the message is new to this page. */
    put(message) {
      const isNew = !messages.has(message.messageId);
      messages.set(message.messageId, message);
      draw(message);
      watchTaps(message);
      for (const tap of newAnswers(message)) answered(tap);
      if (isNew && message.by === 'person') root.scrollTop = root.scrollHeight;
      empty(false);
      return isNew;
    },
    drop,
    /** Forgets what the simulator does not know any more. */
    keepOnly(all) {
      const known = new Set(all.map((message) => message.messageId));
      for (const messageId of [...messages.keys()]) if (!known.has(messageId)) drop(messageId);
    },
    /** The keys of the last reply keyboard, if it was not taken away. */
    keys: () => [...messages.values()].findLast((each) => each.keys !== undefined)?.keys ?? [],
    toEnd() {
      root.scrollTop = root.scrollHeight;
    },
  };
}

/** New messages and a smaller window leave the end in sight for a reader who was there. */
function keepAtEnd(list) {
  let atEnd = true;
  list.addEventListener('scroll', () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_BOTTOM_PX;
  });
  const toEnd = () => {
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
  new ResizeObserver(toEnd).observe(list);
  new MutationObserver(toEnd).observe(list, { childList: true });
}

function replaceKeepingFocus(old, node) {
  const focusable = 'button, a';
  const had = old.contains(document.activeElement)
    ? [...old.querySelectorAll(focusable)].indexOf(document.activeElement)
    : undefined;
  old.replaceWith(node);
  if (had === undefined) return;
  (node.querySelectorAll(focusable)[had] ?? node).focus();
}

/** Arrows go through messages, Enter presses the only button or enters the first of many. */
function walk(event, list) {
  const items = [...list.querySelectorAll('li:not(.pill)')];
  const at = items.indexOf(document.activeElement.closest('li'));
  if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
    event.preventDefault();
    const next = at < 0 ? items.length - 1 : at + (event.key === 'ArrowUp' ? -1 : 1);
    items[Math.max(0, Math.min(items.length - 1, next))]?.focus();
  } else if (event.key === 'Enter' && document.activeElement === items[at]) {
    event.preventDefault();
    const buttons = items[at].querySelectorAll('.keyboard button');
    if (buttons.length === 1) buttons[0].click();
    else buttons[0]?.focus();
  }
}
