/**
 * Language and colours of a simulator page, before it is drawn: `?lang=`, then the choice made
 * here earlier, then the browser's. Buttons with `data-switch` change them; pages redraw their
 * words on the event `looks`.
 */
(() => {
  const root = document.documentElement;
  const themes = ['system', 'light', 'dark'];
  const asked = new URLSearchParams(location.search);
  const stored = (name) => {
    try {
      return localStorage.getItem(name);
    } catch {
      return null;
    }
  };
  const keep = (name, value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // A private window without storage: the choice lasts until the page is left.
    }
  };
  const known = (value, all, otherwise) => (all.includes(value) ? value : otherwise);
  const fromBrowser = navigator.language.startsWith('ru') ? 'ru' : 'en';
  root.lang = known(asked.get('lang') ?? stored('lang'), ['ru', 'en'], fromBrowser);
  root.dataset.theme = known(asked.get('theme') ?? stored('theme'), themes, 'system');

  const NAMES = {
    ru: { system: 'Цвета: как в системе', light: 'Цвета: светлые', dark: 'Цвета: тёмные' },
    en: { system: 'Colours: as the system', light: 'Colours: light', dark: 'Colours: dark' },
  };
  const SIGNS = { system: '◐', light: '☀', dark: '☾' };

  function draw() {
    for (const button of document.querySelectorAll('[data-switch=language]')) {
      const russian = root.lang === 'ru';
      button.textContent = russian ? 'English' : 'Русский';
      button.lang = russian ? 'en' : 'ru';
    }
    for (const button of document.querySelectorAll('[data-switch=theme]')) {
      button.textContent = SIGNS[root.dataset.theme];
      button.title = NAMES[root.lang][root.dataset.theme];
      button.setAttribute('aria-label', button.title);
    }
  }

  document.addEventListener('click', (event) => {
    const what = event.target.closest?.('[data-switch]')?.dataset.switch;
    if (what === undefined) return;
    if (what === 'language') root.lang = root.lang === 'ru' ? 'en' : 'ru';
    else root.dataset.theme = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
    keep('lang', root.lang);
    keep('theme', root.dataset.theme);
    draw();
    document.dispatchEvent(new Event('looks'));
  });
  document.addEventListener('DOMContentLoaded', draw);
})();
