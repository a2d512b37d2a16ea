/** The page on which a browser says who it is, shared by every way in which a site asks Telegram. */
import type { Request } from '../http.ts';
import { markup, page, type Markup } from '../providers/page.ts';
import type { Language, People, Person } from './people.ts';

/** A drill makes thousands of people; the newest can be chosen. */
const PEOPLE_SHOWN = 24;
const WHO = { ru: 'Кто входит', en: 'Who signs in' } as const;

export const shown = (people: People): readonly Person[] => people.list().slice(-PEOPLE_SHOWN);
export const formOf = (request: Request): URLSearchParams =>
  new URLSearchParams(String(request.body));
export const personIn = (people: People, form: URLSearchParams): Person | undefined =>
  people.get(Number(form.get('person')));

/** Who is it? `more` stands above the names, `refusal` is the label of a second button. */
export function choice(
  language: Language,
  what: Readonly<{
    fields: Readonly<Record<string, string>>;
    people: readonly Person[];
    label: string;
    more?: Markup;
    refusal?: string;
  }>,
): Markup {
  const hidden = Object.entries(what.fields).map(
    ([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`,
  );
  const options = what.people.map(
    ({ id, name }) => markup`<option value="${String(id)}">${name} · ${String(id)}</option>`,
  );
  const refusal =
    what.refusal === undefined
      ? ''
      : markup`<button class="button wide" name="answer" value="no">${what.refusal}</button>`;
  return markup`<form class="stack" method="post">${hidden}${what.more}
<label class="label">${WHO[language]}<select class="field" name="person">${options}</select></label>
<button class="button wide primary">${what.label}</button>${refusal}</form>`;
}

export function sheet(language: Language, title: string, body: Markup): string {
  const main = markup`<main class="checkout"><section class="card stack">
<h1>${title}</h1>${body}</section></main>`;
  return page({ vendor: 'stars', language, kind: 'buyer', title, body: main });
}
