import { WORDS } from './words.js';

const byId = (id) => document.getElementById(id);
const words = () => WORDS[document.documentElement.lang === 'ru' ? 'ru' : 'en'];
let simulators = [];
let kinds = [];
let faults = [];

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** @param {string} method @param {object} [body] */
async function changeFaults(method, body) {
  const response = await fetch('/faults', {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  byId('problem').textContent = answer.error ?? '';
  if (answer.faults !== undefined) faults = answer.faults;
  drawFaults();
}

function button(label, testid, act) {
  const node = el('button', { class: 'button', type: 'button', 'data-testid': testid }, label);
  node.addEventListener('click', act);
  return node;
}

function drawFaults() {
  const said = words();
  const titleOf = (id) => simulators.find((each) => each.id === id)?.title ?? id;
  const rows = faults.map((fault) =>
    el(
      'div',
      { class: 'fault', 'data-testid': 'fault', 'data-kind': fault.kind },
      el('strong', {}, titleOf(fault.target)),
      el('span', {}, said.kinds[fault.kind]?.[0] ?? fault.kind),
      el('span', { class: 'chip warn' }, `${Math.round(fault.probability * 100)} %`),
      el('span', { class: 'seed' }, `${said.seed} ${fault.seed}`),
      button(said.off, 'fault-off', () => changeFaults('PUT', { ...fault, probability: 0 })),
    ),
  );
  if (rows.length > 1) rows.push(button(said.allOff, 'faults-clear', () => changeFaults('DELETE')));
  byId('on').replaceChildren(...(rows.length > 0 ? rows : [el('p', { class: 'calm' }, said.none)]));
}

function card({ id, title, about, links }) {
  const said = words();
  return el(
    'li',
    { class: 'card', 'data-testid': 'simulator', 'data-id': id },
    el('h2', {}, title),
    el('p', {}, said.about[id] ?? about),
    el(
      'p',
      { class: 'links' },
      ...links.map((link, index) =>
        el(
          'a',
          { class: index === 0 ? 'button primary' : 'button', href: link.href },
          said.links[link.title] ?? link.title,
        ),
      ),
    ),
  );
}

function keepingChoice(select, options) {
  const { value } = select;
  select.replaceChildren(...options);
  if (value !== '') select.value = value;
}

function draw() {
  const said = words();
  document.title = said.title;
  for (const node of document.querySelectorAll('[data-word]')) {
    node.textContent = said[node.dataset.word];
  }
  byId('simulators').replaceChildren(...simulators.map(card));
  const form = byId('form').elements;
  keepingChoice(
    form.target,
    simulators.map(({ id, title }) => el('option', { value: id }, title)),
  );
  keepingChoice(
    form.kind,
    kinds.map((kind) => el('option', { value: kind }, said.kinds[kind]?.[0] ?? kind)),
  );
  byId('kinds').replaceChildren(
    ...kinds.map((kind) => {
      const [name, about] = said.kinds[kind] ?? [kind, ''];
      return el('div', {}, el('dt', {}, name, ' ', el('code', {}, kind)), el('dd', {}, about));
    }),
  );
  drawFaults();
}

byId('form').addEventListener('submit', (event) => {
  event.preventDefault();
  const { target, kind, probability, seed } = event.target.elements;
  void changeFaults('PUT', {
    target: target.value,
    kind: kind.value,
    probability: Number(probability.value) / 100,
    seed: Number(seed.value),
  });
});
document.addEventListener('looks', draw);

const [known, on] = await Promise.all(
  ['/simulators', '/faults'].map(async (path) => (await fetch(path)).json()),
);
({ simulators, kinds } = known);
faults = on.faults;
draw();
