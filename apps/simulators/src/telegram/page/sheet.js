import { el } from './dom.js';

/**
 * A page of the simulators inside a phone. It closes when the page inside leaves for another site
 * (a checkout sends its buyer back) or asks so: `postMessage({ return: "<address>" })`.
 * @param {{ words: any, link(url: string): void, closed(): void }} phone
 */
export function createSheet({ words, link, closed }) {
  const address = el('span', { class: 'address' });
  const tab = el('a', { target: '_blank', rel: 'noopener' }, words.openInTab);
  const frame = /** @type {HTMLIFrameElement} */ (el('iframe', { title: words.openInTab }));
  let returnTo;

  function close() {
    if (root.hidden) return;
    root.hidden = true;
    frame.removeAttribute('src');
    returnTo?.focus();
    window.removeEventListener('message', heard);
    window.removeEventListener('keydown', escaped);
  }

  function heard(event) {
    if (event.source !== frame.contentWindow || typeof event.data?.return !== 'string') return;
    close();
    if (event.data.return === '') closed();
    else link(event.data.return);
  }

  function escaped(event) {
    if (event.key === 'Escape') close();
  }

  function loaded() {
    if (root.hidden) return;
    try {
      const { href } = frame.contentWindow.location;
      if (href === 'about:blank') return;
      address.textContent = href.replace(/^https?:\/\//u, '');
      tab.setAttribute('href', href);
    } catch {
      // Another site's address cannot be read: the buyer was sent back from the checkout.
      close();
      closed();
    }
  }

  frame.addEventListener('load', loaded);
  const root = el(
    'div',
    { class: 'sheet', role: 'dialog', 'data-testid': 'sheet', hidden: true },
    sheetHead(words, close, address, tab),
    frame,
  );
  return {
    root,
    close,
    open(url) {
      returnTo = document.activeElement;
      root.hidden = false;
      root.setAttribute('aria-label', url);
      address.textContent = url.replace(/^https?:\/\//u, '');
      tab.setAttribute('href', url);
      frame.src = url;
      root.querySelector('button').focus();
      window.addEventListener('message', heard);
      window.addEventListener('keydown', escaped);
    },
  };
}

function sheetHead(words, close, address, tab) {
  const look = { class: 'icon', type: 'button', 'aria-label': words.back, title: words.back };
  const button = el('button', { ...look, onclick: close, 'data-testid': 'sheet-close' }, '✕');
  return el('div', { class: 'sheet-head' }, button, address, tab);
}
