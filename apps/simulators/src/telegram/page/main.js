import { control, el } from './dom.js';
import { createInspector } from './inspector.js';
import { closeMenusFromOutside } from './more.js';
import { createPhone } from './phone.js';
import { words } from './words.js';

const PHONES_MAX = 4;
/** A drill makes thousands of people; the bar shows the newest of them. */
const PEOPLE_SHOWN = 24;

const byId = (id) => document.getElementById(id);
const people = new Map();
const phones = new Map();
const inspector = createInspector(byId('inspector'));
let profile = { user: { first_name: 'Bot', username: '' }, description: {}, commands: {} };
let shownTab = '';

const spoken = (text) => {
  byId('spoken').textContent = text;
};

function remember() {
  const url = new URL(location.href);
  url.searchParams.set('people', [...phones.keys()].join(','));
  history.replaceState(null, '', url);
}

function close(id) {
  phones.get(id)?.root.remove();
  phones.delete(id);
  changed();
}

async function open(person, focus = true) {
  if (!phones.has(person.id)) {
    const [oldest] = phones.keys();
    if (phones.size >= PHONES_MAX) close(oldest);
    const phone = createPhone(person, {
      profile: () => profile,
      close: () => close(person.id),
      spoken,
    });
    phones.set(person.id, phone);
    byId('phones').append(phone.root);
    await phone.load();
  }
  shownTab = String(person.id);
  changed();
  if (focus) phones.get(person.id)?.focus();
}

function changed() {
  remember();
  drawPeople();
  drawTabs();
  byId('phones').dataset.empty = phones.size === 0 ? words().noPhones : '';
}

function drawPeople() {
  const newest = [...people.values()].slice(-PEOPLE_SHOWN);
  byId('people').setAttribute('aria-label', words().people);
  byId('people').replaceChildren(
    ...newest.map((person) =>
      el(
        'button',
        {
          class: 'person',
          type: 'button',
          'data-testid': 'person',
          'data-person': person.id,
          'aria-pressed': String(phones.has(person.id)),
          onclick: () => open(person),
        },
        person.name,
        el('small', {}, `${person.language}${person.premium ? ' ★' : ''}`),
      ),
    ),
    el(
      'button',
      { class: 'person new', type: 'button', 'data-testid': 'new-person', onclick: invent },
      `+ ${words().newPerson}`,
    ),
  );
  inspector.people([...phones.keys()].flatMap((id) => people.get(id) ?? []));
}

async function invent() {
  // Every other person speaks the other language, so that both are met early.
  const language = people.size % 2 === 0 ? 'ru' : 'en';
  const person = await control('POST', '/people', { language });
  people.set(person.id, person);
  await open(person);
}

/** On a narrow window one phone or the inspector is seen at a time. */
function drawTabs() {
  const tabs = [
    ...[...phones.keys()].map((id) => [String(id), people.get(id)?.name ?? '']),
    ['inspector', words().inspector],
  ];
  if (!tabs.some(([key]) => key === shownTab)) shownTab = tabs[0][0];
  byId('tabs').replaceChildren(
    ...tabs.map(([key, label]) =>
      el(
        'button',
        {
          type: 'button',
          class: 'tab',
          'aria-pressed': String(key === shownTab),
          onclick: () => showTab(key),
        },
        label,
      ),
    ),
  );
  for (const [id, phone] of phones) phone.root.classList.toggle('behind', String(id) !== shownTab);
  byId('inspector').classList.toggle('behind', shownTab !== 'inspector');
}

function showTab(key) {
  shownTab = key;
  drawTabs();
  byId('tabs').querySelector('[aria-pressed=true]')?.focus();
}

async function drawFaults() {
  const { faults } = await (await fetch('/faults')).json();
  byId('faults').textContent =
    faults.length === 0 ? words().faultsNone : words().faultsOn(faults.length);
  byId('faults').classList.toggle('warn', faults.length > 0);
}

function drawWords() {
  const said = words();
  document.title = said.title;
  for (const node of document.querySelectorAll('[data-word]'))
    node.textContent = said[node.dataset.word];
  byId('inspect').textContent = said.inspector;
  inspector.redraw();
  changed();
  void drawFaults();
}

async function load() {
  const [all, bot, journal] = await Promise.all([
    control('GET', '/people'),
    control('GET', '/profile'),
    control('GET', '/journal'),
  ]);
  people.clear();
  for (const person of all.people) people.set(person.id, person);
  profile = bot;
  inspector.reset(journal.entries);
  await Promise.all([...phones.values()].map((phone) => phone.load()));
  byId('offline').hidden = true;
}

async function replaced(person) {
  people.set(person.id, person);
  const phone = phones.get(person.id);
  if (phone !== undefined && !phone.update(person)) {
    const place = phone.root.nextSibling;
    close(person.id);
    await open(person, false);
    byId('phones').insertBefore(phones.get(person.id).root, place);
  }
  drawPeople();
  drawTabs();
}

function listen() {
  const source = new EventSource('/telegram/control/events');
  const on = (name, act) => source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  let known = false;
  on('ready', () => {
    // After a lost connection everything may have changed.
    if (known) void load();
    known = true;
  });
  on('person', (person) => void replaced(person));
  on('message', (message) => phones.get(message.chatId)?.put(message));
  on('deleted', ({ chatId, messageId }) => phones.get(chatId)?.drop(messageId));
  on('action', ({ chatId }) => phones.get(chatId)?.typing());
  on('journal', (entry) => inspector.add(entry));
  on('profile', async () => {
    profile = await control('GET', '/profile');
    for (const phone of phones.values()) phone.draw();
  });
  source.onerror = () => {
    byId('offline').hidden = false;
  };
}

byId('inspect').addEventListener('click', () => {
  const shown = document.body.classList.toggle('no-inspector');
  byId('inspect').setAttribute('aria-pressed', String(!shown));
});
document.addEventListener('looks', drawWords);
window.addEventListener('focus', () => void drawFaults());
document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select') ?? null;
  if (event.key !== 'i' || typing !== null || event.ctrlKey || event.metaKey || event.altKey)
    return;
  event.preventDefault();
  inspector.focus();
});

closeMenusFromOutside();
listen();
await load();
const asked = new URLSearchParams(location.search).get('people')?.split(',').map(Number) ?? [];
const first = asked.length > 0 ? asked : [...people.keys()].slice(0, 2);
for (const id of first) if (people.has(id)) await open(people.get(id), false);
const [leftmost] = phones.keys();
shownTab = String(leftmost ?? '');
drawWords();
