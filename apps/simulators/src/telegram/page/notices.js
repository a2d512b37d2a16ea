import { el } from './dom.js';

const TOAST_MS = 3_000;

/**
 * What a phone says by itself: short toasts at the top and alerts that wait for OK.
 * @param {{ words: any, spoken(text: string): void }} phone
 */
export function createNotices({ words, spoken }) {
  const root = el('div', { class: 'toasts' });

  function toast(text, tone = '') {
    const node = el('p', { class: `toast ${tone}`, 'data-testid': 'toast' }, text);
    root.append(node);
    spoken(text);
    setTimeout(() => node.remove(), TOAST_MS);
  }

  function alert(text) {
    const box = /** @type {HTMLDialogElement} */ (
      el(
        'dialog',
        { class: 'alert', 'data-testid': 'alert', onclose: () => box.remove() },
        el('p', {}, text),
        el('form', { method: 'dialog' }, el('button', { class: 'button primary' }, words.ok)),
      )
    );
    root.parentElement.append(box);
    box.showModal();
  }

  return { root, toast, alert };
}
