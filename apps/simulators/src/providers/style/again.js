/** Sends the buyer on to the shop after the seconds that the page says. */
(() => {
  const { seconds, href } = document.currentScript.dataset;
  setTimeout(() => location.assign(href), Number(seconds) * 1_000);
})();
