import { el } from './dom.js';

const TYPING_MS = 5_000;

/**
 * The top of a phone: who the bot is, whether it types, whose phone this is.
 * @param {{ words: any, close(): void, more: HTMLElement }} phone
 */
export function createHead({ words, close, more }) {
  const face = el('span', { class: 'face', 'aria-hidden': 'true' });
  const title = el('h2');
  const subtitle = el('p', { class: 'subtitle' }, words.bot);
  const whose = el('span', { class: 'whose' });
  let timer;

  function typing(on) {
    clearTimeout(timer);
    subtitle.textContent = on ? words.typing : words.bot;
    subtitle.classList.toggle('typing', on);
    if (on) timer = setTimeout(() => typing(false), TYPING_MS);
  }

  const back = { class: 'icon', type: 'button', 'aria-label': words.close, title: words.close };
  return {
    root: el(
      'header',
      { class: 'head' },
      el('button', { ...back, onclick: close }, '←'),
      face,
      el('div', { class: 'names' }, title, subtitle),
      whose,
      more,
    ),
    typing,
    draw(bot, person) {
      title.textContent = bot.first_name;
      face.textContent = [...bot.first_name][0] ?? '';
      whose.textContent = person.name;
    },
  };
}
