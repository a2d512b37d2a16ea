import { el } from './dom.js';

/**
 * The menu behind ⋮: block the bot, change the person, open the chat by a deep link.
 * @param {{ person: any, words: any, act(what: string, body: object): Promise<void>, deepLink(parameter: string): void }} phone
 */
export function createMoreMenu({ person, words, act, deepLink }) {
  const block = el('button', {
    class: 'button',
    type: 'button',
    'data-testid': 'block',
    onclick: () => act('block', { blocked: !person.blocked }),
  });
  const premium = el('input', {
    type: 'checkbox',
    onchange: () => act('person', { premium: premium.checked }),
  });
  const language = el(
    'select',
    { class: 'field', onchange: () => act('person', { language: language.value }) },
    el('option', { value: 'ru' }, 'русский'),
    el('option', { value: 'en' }, 'English'),
  );
  const name = el('input', {
    class: 'field',
    maxlength: 64,
    onchange: () => act('person', { name: name.value }),
  });
  const parameter = el('input', {
    class: 'field',
    placeholder: 'ref_77',
    maxlength: 64,
    pattern: '[A-Za-z0-9_\\-]*',
    'data-testid': 'start-parameter',
  });
  const openLink = (event) => {
    event.preventDefault();
    root.open = false;
    deepLink(parameter.value);
  };
  const root = el(
    'details',
    { class: 'more' },
    el(
      'summary',
      { class: 'icon', 'aria-label': words.more, title: words.more, 'data-testid': 'more' },
      '⋮',
    ),
    el(
      'div',
      { class: 'pop' },
      el('p', { class: 'id' }, `id ${person.id}`),
      el('label', {}, el('span', {}, words.name), name),
      el('label', {}, el('span', {}, words.language), language),
      el('label', { class: 'check' }, premium, el('span', {}, words.premium)),
      el(
        'form',
        { onsubmit: openLink },
        el('label', {}, el('span', {}, words.deepLink), parameter),
        el('button', { class: 'button' }, words.open),
      ),
      block,
    ),
  );
  root.update = (changed) => {
    person = changed;
    block.textContent = person.blocked ? words.unblock : words.block;
    premium.checked = person.premium;
    language.value = person.language;
    name.value = person.name;
  };
  root.update(person);
  return root;
}

/** Open menus close by Escape and by a press elsewhere. */
export function closeMenusFromOutside() {
  const opened = () => document.querySelectorAll('details[open].more, details[open].commands');
  document.addEventListener('click', (event) => {
    for (const menu of opened()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of opened()) {
      menu.open = false;
      menu.querySelector('summary').focus();
    }
  });
}
