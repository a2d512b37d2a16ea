import { copy, el } from './dom.js';
import { drawMarked } from './marked.js';

/** An unanswered tap is a fault of the bot after this long. */
export const ANSWER_LIMIT_MS = 10_000;

/**
 * When this page first saw a tap that had no answer yet: only those spin, turn red or bring a
 * toast, whatever the clocks of browser and simulator say.
 * @type {Map<string, number>}
 */
const firstSeen = new Map();

/** @returns {'answered' | 'waiting' | 'never'} */
export function tapState(tap) {
  if (tap.answer !== undefined) return 'answered';
  const seen = firstSeen.get(tap.queryId) ?? performance.now();
  firstSeen.set(tap.queryId, seen);
  return performance.now() - seen >= ANSWER_LIMIT_MS ? 'never' : 'waiting';
}

/** The answers of a message that this page waited for; each is handed out once. */
export function newAnswers(message) {
  return message.taps.filter((tap) => tap.answer !== undefined && firstSeen.delete(tap.queryId));
}

/**
 * One message with its buttons as a list item.
 * @param {any} message as the control API shows it
 * @param {{ words: any, time: Intl.DateTimeFormat, acts: any }} phone
 */
export function drawBubble(message, { words, time, acts }) {
  const own = message.by === 'person';
  const at = new Date(message.at);
  const bubble = el(
    'div',
    {
      class: 'bubble',
      'data-testid': 'bubble',
      'data-by': message.by,
      'data-message': message.messageId,
    },
    el(
      'div',
      { class: 'text', dir: 'auto' },
      ...content(message, words, acts),
      meta(message, own, at, time, words),
    ),
  );
  return el(
    'li',
    { class: own ? 'own' : 'theirs', tabindex: -1 },
    bubble,
    message.inline === undefined || message.inline.length === 0
      ? undefined
      : keyboard(message, words, acts),
  );
}

/** A text, a bill in Stars, or what Telegram itself says of a payment. */
function content(message, words, acts) {
  const { invoice, service } = message;
  if (invoice !== undefined) {
    return [el('strong', {}, invoice.card.title), el('br'), invoice.card.description];
  }
  const paid = service?.successful_payment;
  const back = service?.refunded_payment;
  if (paid !== undefined) return [words.paidStars(paid.total_amount)];
  if (back !== undefined) return [words.refundedStars(back.total_amount)];
  return drawMarked(message, acts);
}

function meta(message, own, at, time, words) {
  return el(
    'span',
    { class: 'meta' },
    message.silent
      ? el('span', { role: 'img', 'aria-label': words.silent, title: words.silent }, bell())
      : undefined,
    message.editedAt === undefined ? undefined : `${words.edited} `,
    el('time', { datetime: at.toISOString() }, time.format(at)),
    own ? ticks(message.taken === true, words) : undefined,
  );
}

const NS = 'http://www.w3.org/2000/svg';

function drawing(width, ...paths) {
  const svg = document.createElementNS(NS, 'svg');
  svg.setAttribute('viewBox', `0 0 ${width} 12`);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', '12');
  svg.setAttribute('aria-hidden', 'true');
  for (const d of paths) {
    const path = document.createElementNS(NS, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

const bell = () => drawing(12, 'M3 8.5h6M4 8.5V5a2 2 0 0 1 4 0v3.5M1.5 1.5l9 9');

function ticks(taken, words) {
  const label = taken ? words.taken : words.sent;
  const paths = taken ? ['M1 6.5 3.8 9 9 3', 'M7 8.4 7.8 9 13 3'] : ['M1 6.5 3.8 9 9 3'];
  const attributes = {
    class: 'ticks',
    role: 'img',
    'aria-label': label,
    title: label,
    'data-taken': taken,
  };
  return el('span', attributes, drawing(14, ...paths));
}

function keyboard(message, words, acts) {
  const rows = message.inline.map((row) =>
    el('div', { class: 'row' }, ...row.map((button) => inlineButton(message, button, words, acts))),
  );
  return el('div', { class: 'keyboard' }, ...rows);
}

function inlineButton(message, button, words, acts) {
  const url = button.pay === true ? message.invoice?.link : (button.url ?? button.web_app?.url);
  const tap = message.taps.findLast((each) => each.data === button.callback_data);
  const state = tap === undefined ? 'idle' : tapState(tap);
  const act = async () => {
    if (url !== undefined) acts.link(url);
    else if (button.copy_text !== undefined) {
      await copy(button.copy_text.text);
      acts.copied();
    } else acts.tap(message, button.callback_data);
  };
  return el(
    'button',
    {
      class: `inline ${button.style ?? ''}`,
      type: 'button',
      'data-testid': 'button',
      'data-state': state,
      'data-callback': button.callback_data,
      'data-url': url,
      'aria-busy': state === 'waiting' ? 'true' : undefined,
      onclick: act,
    },
    el('span', {}, button.text),
    url === undefined ? undefined : el('span', { class: 'corner', 'aria-hidden': 'true' }, '↗'),
    state === 'waiting' ? el('span', { class: 'spinner', 'aria-hidden': 'true' }) : undefined,
    state === 'never' ? el('small', {}, words.never) : undefined,
  );
}
