import { el } from './dom.js';

/**
 * What stands under the chat: START, "unblock", or the keys and the line to write in.
 * @param {{ words: any, say(text: string): void, unblock(): void }} phone
 */
export function createFoot({ words, say, unblock }) {
  const root = el('div', { class: 'foot' });
  const input = /** @type {HTMLTextAreaElement} */ (
    el('textarea', {
      rows: 1,
      placeholder: words.message,
      'aria-label': words.message,
      'data-testid': 'message-input',
    })
  );
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    input.form.requestSubmit();
  });

  function submit(event) {
    event.preventDefault();
    const text = input.value.trim();
    input.value = '';
    if (text !== '') say(text);
  }

  function composer(commands) {
    return el(
      'form',
      { class: 'composer', onsubmit: submit },
      commands.length === 0 ? undefined : commandMenu(commands, words, say),
      input,
      el(
        'button',
        {
          class: 'icon send',
          'aria-label': words.send,
          title: words.send,
          'data-testid': 'send',
        },
        '➤',
      ),
    );
  }

  return {
    root,
    /** @param {{ person: any, start: string, press(): void, keys: string[][], commands: any[] }} state */
    draw({ person, start, press, keys, commands }) {
      if (person.blocked) {
        root.replaceChildren(
          el('p', {}, words.blocked),
          el('button', { class: 'start', type: 'button', onclick: unblock }, words.unblock),
        );
      } else if (!person.started || start !== '') {
        root.replaceChildren(startButton(words, start, press));
      } else {
        const writing = document.activeElement === input;
        root.replaceChildren(...replyKeys(keys, say), composer(commands));
        if (writing) input.focus();
      }
    },
    focus: () => (root.querySelector('.start') ?? input).focus(),
  };
}

function commandMenu(commands, words, say) {
  const choose = (event, command) => {
    event.currentTarget.closest('details').open = false;
    say(`/${command}`);
  };
  const items = commands.map(({ command, description }) =>
    el(
      'button',
      {
        type: 'button',
        'data-testid': 'command',
        onclick: (event) => choose(event, command),
      },
      el('span', {}, description),
      el('small', {}, `/${command}`),
    ),
  );
  return el(
    'details',
    { class: 'commands' },
    el('summary', { 'data-testid': 'menu' }, words.menu),
    el('div', { class: 'pop' }, ...items),
  );
}

function replyKeys(keys, say) {
  if (keys.length === 0) return [];
  const key = (label) =>
    el(
      'button',
      { class: 'inline', type: 'button', 'data-testid': 'key', onclick: () => say(label) },
      label,
    );
  const rows = keys.map((row) => el('div', { class: 'row' }, ...row.map(key)));
  return [el('div', { class: 'keyboard keys' }, ...rows)];
}

function startButton(words, parameter, press) {
  const label = parameter === '' ? words.start : `${words.start} · ${parameter}`;
  const attributes = { class: 'start', type: 'button', 'data-testid': 'start', onclick: press };
  return el('button', attributes, label);
}
