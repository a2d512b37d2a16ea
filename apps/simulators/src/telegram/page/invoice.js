/** Inside a phone the way back to the chat is closing the sheet, not another page. */
for (const link of document.querySelectorAll('[data-back]')) {
  link.addEventListener('click', (event) => {
    if (window.parent === window) return;
    event.preventDefault();
    window.parent.postMessage({ return: '' }, location.origin);
  });
}
