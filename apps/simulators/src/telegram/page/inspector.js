import { control, copy, el } from './dom.js';
import { createFilter } from './filter.js';
import { words } from './words.js';

const ROWS_KEPT = 400;
const NEAR_BOTTOM_PX = 60;
const WAYS = [
  ['again', 'again'],
  ['twice', 'twice'],
  ['late', 'late'],
  ['out-of-order', 'outOfOrder'],
];

/** Raw updates and calls, newest last, with ways to send an update once more. */
export function createInspector(/** @type {HTMLElement} */ root) {
  const entries = [];
  const filter = createFilter(redraw);
  const list = el('div', { class: 'rows', tabindex: 0, role: 'group' });
  const empty = el('p', { class: 'nothing' });
  root.replaceChildren(filter.root, empty, list);

  function redraw() {
    filter.drawWords();
    empty.textContent = words().inspectorEmpty;
    list.setAttribute('aria-label', words().inspector);
    if (filter.paused()) return;
    list.replaceChildren(...entries.filter(filter.fits).map(drawRow));
    empty.hidden = list.childElementCount > 0;
    list.scrollTop = list.scrollHeight;
  }

  return {
    redraw,
    add(entry) {
      entries.push(entry);
      if (entries.length > ROWS_KEPT) entries.shift();
      if (filter.paused() || !filter.fits(entry)) return;
      const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_BOTTOM_PX;
      list.append(drawRow(entry));
      if (list.childElementCount > ROWS_KEPT) list.firstElementChild.remove();
      empty.hidden = true;
      if (atEnd) list.scrollTop = list.scrollHeight;
    },
    reset(all) {
      entries.splice(0, entries.length, ...all.slice(-ROWS_KEPT));
      redraw();
    },
    people: filter.people,
    focus: () => list.focus(),
  };
}

function drawRow(entry) {
  const { detail } = entry;
  const failed = detail.failure !== undefined || detail.status >= 400;
  const update = detail.kind === 'update';
  const row = el(
    'details',
    {
      class: `entry ${failed ? 'bad' : ''}`,
      'data-testid': 'inspector-row',
      'data-kind': detail.kind,
    },
    el(
      'summary',
      {},
      el('time', { datetime: entry.at, title: entry.at }, entry.at.slice(11, 23)),
      el('span', { class: 'way', 'aria-hidden': 'true' }, update ? '←' : '→'),
      el('span', { class: 'what' }, update ? updateWords(detail.update) : callWords(detail)),
      el(
        'span',
        { class: 'end' },
        `${detail.status === 0 ? '—' : detail.status} · ${detail.ms} ms`,
      ),
    ),
  );
  // Most rows are never opened: what is inside is drawn at the first opening.
  row.addEventListener(
    'toggle',
    () => {
      row.append(inside(detail, failed));
      row.scrollIntoView({ block: 'nearest' });
    },
    { once: true },
  );
  return row;
}

const bytes = (text) => new TextEncoder().encode(text).length;

function updateWords(update) {
  const { message } = update;
  if (message?.successful_payment !== undefined) return 'message successful_payment';
  if (message?.refunded_payment !== undefined) return 'message refunded_payment';
  if (message !== undefined) return `message ${message.text}`;
  if (update.callback_query !== undefined) {
    const { data } = update.callback_query;
    return `callback_query ${data} · ${bytes(data)} B`;
  }
  return Object.keys(update).find((key) => key !== 'update_id') ?? 'update';
}

function callWords({ method, params, answer }) {
  const id = answer?.result?.message_id ?? params.message_id;
  return id === undefined ? method : `${method} ${id}`;
}

function inside(detail, failed) {
  const said = words();
  const outcome = el('p', { class: 'outcome', role: 'status' });
  const raw = JSON.stringify(
    detail.kind === 'update' ? detail.update : { params: detail.params, answer: detail.answer },
    undefined,
    2,
  );
  const button = (label, act) =>
    el('button', { class: 'button', type: 'button', onclick: act }, label);
  const copied = async (text) => {
    await copy(text);
    outcome.textContent = said.copied;
  };
  const again = async (how) => {
    outcome.textContent = '…';
    try {
      const answer = await control('POST', `/updates/${detail.updateId}/send`, { how });
      outcome.textContent = said.outcome(answer.outcome);
    } catch (error) {
      outcome.textContent = error.message;
    }
  };
  const ways =
    detail.kind === 'update' ? WAYS.map(([how, word]) => button(said[word], () => again(how))) : [];
  const why = detail.failure ?? detail.answer?.description;
  return el(
    'div',
    { class: 'inside' },
    failed && why !== undefined ? el('p', { class: 'why' }, why) : undefined,
    el('pre', { tabindex: 0 }, raw),
    el(
      'div',
      { class: 'acts' },
      button(said.copy, () => copied(raw)),
      button(said.asCurl, () => copied(asCurl(detail))),
      ...ways,
    ),
    outcome,
  );
}

/** The same request from a shell; the token and the secret stay in its variables. */
function asCurl(detail) {
  const quoted = (value) => `'${JSON.stringify(value).replaceAll("'", `'\\''`)}'`;
  const json = `-H 'Content-Type: application/json' -d`;
  if (detail.kind === 'update') {
    return `curl "$WEBHOOK_URL" -H "X-Telegram-Bot-Api-Secret-Token: $SECRET" ${json} ${quoted(detail.update)}`;
  }
  return `curl "${location.origin}/telegram/bot$TOKEN/${detail.method}" ${json} ${quoted(detail.params)}`;
}
