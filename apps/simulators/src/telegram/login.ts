/**
 * What Telegram says to a site about a person: the login that a browser is sent to, and the Mini App.
 * Signed as its documents say, each with its own key made of the bot's token.
 */
import { createHash, createHmac } from 'node:crypto';
import { html, redirect, type Router } from '../http.ts';
import { chooseLanguage, markup } from '../providers/page.ts';
import type { World } from '../world.ts';
import { choice, formOf, personIn, sheet, shown } from './login-page.ts';
import { asUser, type People, type Person } from './people.ts';

const APP_VERSION = '9.2';

const WORDS = {
  ru: {
    login: 'Войти через Telegram',
    app: 'Открыть Mini App',
    where: 'Адрес Mini App',
    wrong: 'Такого бота нет, или сайт просит вернуть ответ на другой адрес.',
  },
  en: {
    login: 'Log in with Telegram',
    app: 'Open the Mini App',
    where: 'Address of the Mini App',
    wrong: 'There is no such bot, or the site wants the answer at another address.',
  },
} as const;

export function registerLogin(router: Router, world: World, people: People): void {
  const { token } = world.config.telegram;
  const bot = token.split(':')[0] ?? '';

  router.on('GET', '/telegram/login', (request) => {
    const language = chooseLanguage(request);
    const { login, wrong } = WORDS[language];
    const back = returnOf(request.query, bot);
    if (back === undefined) return html(sheet(language, login, markup`<p>${wrong}</p>`), 400);
    const fields = { bot_id: bot, origin: back.origin, return_to: back.href, lang: language };
    const form = choice(language, { fields, people: shown(people), label: login });
    return html(sheet(language, login, form));
  });
  router.on('POST', '/telegram/login', (request) => {
    const form = formOf(request);
    const [back, person] = [returnOf(form, bot), personIn(people, form)];
    if (back === undefined || person === undefined) return redirect('/telegram/');
    const said = { ...loginFields(person, world.clock.now()) };
    const answer = { ...said, hash: macOf(createHash('sha256').update(token).digest(), said) };
    back.hash = `tgAuthResult=${Buffer.from(JSON.stringify(answer)).toString('base64url')}`;
    return redirect(back.href);
  });

  router.on('GET', '/telegram/app', (request) => {
    const language = chooseLanguage(request);
    const { app, where } = WORDS[language];
    const url = request.query.get('url') ?? '';
    const address = markup`<label class="label">${where}
<input class="field" type="url" name="url" required value="${url}"></label>`;
    const fields = { lang: language };
    const form = choice(language, { fields, people: shown(people), label: app, more: address });
    return html(sheet(language, app, form));
  });
  router.on('POST', '/telegram/app', (request) => {
    const form = formOf(request);
    const [url, person] = [URL.parse(form.get('url') ?? ''), personIn(people, form)];
    if (url === null || !/^https?:$/.test(url.protocol) || person === undefined) {
      return redirect('/telegram/app');
    }
    const said = initFields(world, person);
    const secret = createHmac('sha256', 'WebAppData').update(token).digest();
    const initData = new URLSearchParams({ ...said, hash: macOf(secret, said) }).toString();
    const query = { tgWebAppData: initData, tgWebAppVersion: APP_VERSION, tgWebAppPlatform: 'web' };
    url.hash = new URLSearchParams(query).toString();
    return redirect(url.href);
  });
}

/** Where the answer goes: an address of the origin that asks. */
function returnOf(query: URLSearchParams, bot: string): URL | undefined {
  const back = URL.parse(query.get('return_to') ?? '');
  if (back === null || query.get('bot_id') !== bot) return undefined;
  return back.origin === query.get('origin') ? back : undefined;
}

function loginFields(person: Person, at: Date): Readonly<Record<string, string | number>> {
  const { id, first_name, username } = asUser(person);
  return {
    id,
    first_name,
    ...(username === undefined ? {} : { username }),
    auth_date: seconds(at),
  };
}

function initFields(world: World, person: Person): Readonly<Record<string, string>> {
  return {
    query_id: `AA${Math.floor(world.chance() * 2 ** 32).toString(36)}`,
    user: JSON.stringify(asUser(person)),
    auth_date: String(seconds(world.clock.now())),
    // Telegram's own signature: its private key is not here, so this one is never right.
    signature: Buffer.from('simulated').toString('base64url'),
  };
}

function macOf(secret: Buffer, fields: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}=${String(value)}`);
  return createHmac('sha256', secret).update(lines.toSorted().join('\n')).digest('hex');
}

const seconds = (at: Date): number => Math.floor(at.getTime() / 1000);
