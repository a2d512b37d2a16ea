import { createConversation } from './conversation.js';
import { control, el } from './dom.js';
import { createFoot } from './foot.js';
import { createHead } from './head.js';
import { createMoreMenu } from './more.js';
import { createNotices } from './notices.js';
import { createSheet } from './sheet.js';
import { wordsOf } from './words.js';

/** English with a 24-hour clock and the day before the month. */
const LOCALES = { ru: 'ru', en: 'en-GB' };

/**
 * One phone: a person's private chat with the bot.
 * @param {any} person
 * @param {{ profile(): any, close(): void, spoken(text: string): void }} page
 */
export function createPhone(person, page) {
  const words = wordsOf(person.language);
  let parameter = new URLSearchParams(location.search).get('start') ?? '';

  const { root, say, more, head, foot, about, conversation } = assemble(person, {
    words,
    page,
    start,
  });

  /** A link brought a start parameter: START shows again, as in the app. */
  function start(given) {
    parameter = given;
    draw();
    foot.focus();
  }

  function press() {
    const text = `/start ${parameter}`.trim();
    parameter = '';
    void say(text);
    draw();
  }

  function draw() {
    const { user, commands, description } = page.profile();
    head.draw(user, person);
    about.firstChild.textContent = description[person.language] ?? description[''] ?? words.empty;
    foot.draw({
      person,
      start: parameter,
      press,
      keys: conversation.keys(),
      commands: inLanguage(commands, 'default', person.language),
    });
  }

  return {
    root,
    draw,
    focus: foot.focus,
    typing: () => head.typing(true),
    drop: conversation.drop,
    put(message) {
      const isNew = conversation.put(message);
      if (isNew && message.by === 'bot') {
        head.typing(false);
        page.spoken(words.wrote(person.name, message.text));
      }
      if (message.keys !== undefined) draw();
    },
    /** Everything anew from the simulator: at opening and after a lost connection. */
    async load() {
      await reload(person.id, conversation);
      draw();
      conversation.toEnd();
    },
    /** The person changed; another language or name needs another phone: answers false then. */
    update(changed) {
      if (changed.language !== person.language || changed.name !== person.name) return false;
      person = changed;
      more.update(changed);
      draw();
      return true;
    },
  };
}

/** The parts of the screen, each wired to what it lets the person do. */
function assemble(person, { words, page, start }) {
  const act = (what, body) => tell(person.id, what, body, notices);
  const say = (text) => act('messages', { text });
  const openLink = (address) =>
    follow(address, {
      bot: page.profile().user,
      person,
      sheet,
      start,
      opened: () => notices.toast(words.openedInTab),
    });

  const notices = createNotices({ words, spoken: page.spoken });
  const sheet = createSheet({ words, link: openLink, closed: () => notices.toast(words.returned) });
  const more = createMoreMenu({ person, words, act, deepLink: start });
  const head = createHead({ words, close: page.close, more });
  const foot = createFoot({ words, say, unblock: () => act('block', { blocked: false }) });
  const about = el('div', { class: 'about' }, el('p'));
  const conversation = createConversation({
    locale: LOCALES[person.language],
    words,
    answered: ({ answer }) => showAnswer(answer, openLink, notices),
    empty: (is) => {
      about.hidden = !is;
    },
    acts: {
      link: openLink,
      command: say,
      copied: () => notices.toast(words.copied),
      copyLabel: words.tapToCopy,
      tap: ({ messageId }, data) => act('taps', { messageId, data }),
    },
  });

  const chat = el('div', { class: 'chat' }, conversation.root, about, notices.root);
  const root = frame(person, words, [head.root, chat, foot.root, sheet.root]);
  return { root, say, more, head, foot, about, conversation };
}

/** A link of a message: to this bot (START again), into the simulators (a sheet), or elsewhere. */
function follow(address, { bot, person, sheet, start, opened }) {
  const url = new URL(address, location.href);
  if (url.pathname.startsWith('/telegram/invoice/')) url.searchParams.set('person', person.id);
  if (url.hostname === 't.me' && url.pathname === `/${bot.username}`) {
    sheet.close();
    start(url.searchParams.get('start') ?? '');
  } else if (url.host === location.host) sheet.open(url.href);
  else {
    window.open(url.href, '_blank', 'noopener');
    opened();
  }
}

function showAnswer({ text, alert, url }, openLink, notices) {
  if (url !== undefined) openLink(url);
  if (text === '') return;
  if (alert) notices.alert(text);
  else notices.toast(text);
}

/** Does what a person does; a refusal is shown on the phone. */
async function tell(id, what, body, notices) {
  try {
    if (what === 'person') await control('PATCH', `/people/${id}`, body);
    else await control('POST', `/people/${id}/${what}`, body);
  } catch (error) {
    notices.toast(error.message, 'bad');
  }
}

async function reload(id, conversation) {
  const { messages } = await control('GET', `/people/${id}/messages`);
  conversation.keepOnly(messages);
  for (const message of messages) conversation.put(message);
}

const inLanguage = (commands, scope, language) =>
  commands[`${scope} ${language}`] ?? commands[scope] ?? [];

const frame = (person, words, parts) =>
  el(
    'section',
    {
      class: 'phone',
      lang: person.language,
      'data-testid': 'phone',
      'data-person': person.id,
      'aria-label': words.phoneOf(person.name),
    },
    ...parts,
  );
