import { el } from './dom.js';
import { words } from './words.js';

/**
 * The inspector's head: whose rows, which kind, and the pause.
 * @param {() => void} changed
 */
export function createFilter(changed) {
  let kind = 'both';
  let paused = false;
  const whose = /** @type {HTMLSelectElement} */ (
    el('select', { class: 'field', onchange: changed })
  );
  const title = el('h2', { id: 'inspector-title' });
  const quiet = { class: 'button quiet', type: 'button' };
  const pause = el('button', { ...quiet, onclick: () => act(() => (paused = !paused)) });
  const kinds = ['updates', 'calls', 'both'].map((each) =>
    el('button', { ...quiet, 'data-kind': each, onclick: () => act(() => (kind = each)) }),
  );

  function act(change) {
    change();
    changed();
  }

  return {
    root: el(
      'header',
      { class: 'inspector-head' },
      title,
      pause,
      whose,
      el('div', { class: 'kinds', role: 'group' }, ...kinds),
    ),
    paused: () => paused,
    fits: ({ detail }) =>
      (kind === 'both' || kind === `${detail.kind}s`) &&
      (whose.value === '' || String(detail.chatId ?? '') === whose.value),
    drawWords() {
      const said = words();
      title.textContent = said.inspector;
      whose.setAttribute('aria-label', said.people);
      pause.textContent = paused ? said.resume : said.pause;
      pause.setAttribute('aria-pressed', String(paused));
      for (const button of kinds) {
        button.textContent = said[button.dataset.kind];
        button.setAttribute('aria-pressed', String(button.dataset.kind === kind));
      }
    },
    people(/** @type {any[]} */ people) {
      const chosen = whose.value;
      whose.replaceChildren(
        el('option', { value: '' }, words().everyone),
        ...people.map(({ id, name }) => el('option', { value: id }, name)),
      );
      whose.value = people.some(({ id }) => String(id) === chosen) ? chosen : '';
    },
  };
}
