/**
 * "Log In With Telegram": OpenID Connect, authorization code with PKCE, for the one bot of this world.
 * The issuer is `<simulators>/telegram/oauth`; the real one is `https://oauth.telegram.org`. There is
 * no userinfo endpoint: who somebody is stands in the `id_token` alone.
 */
import { html, json, parseJson, redirect, type Router } from '../../http.ts';
import { chooseLanguage, markup } from '../../providers/page.ts';
import type { World } from '../../world.ts';
import { choice, formOf, personIn, sheet, shown } from '../login-page.ts';
import type { Language, People } from '../people.ts';
import { readAsked, type Asked } from './asked.ts';
import { createOidcKeys } from './keys.ts';
import { createTokens, type Mistake } from './tokens.ts';

const BASE = '/telegram/oauth';
const CONTROL = '/telegram/control/oidc';
const API = { api: 'telegram' };

const WORDS = {
  ru: {
    title: 'Войти через Telegram',
    refuse: 'Отказаться',
    wrong: 'Такого сайта Telegram не знает, или он просит вернуть ответ на другой адрес.',
  },
  en: {
    title: 'Log in with Telegram',
    refuse: 'Decline',
    wrong: 'Telegram knows no such site, or it wants the answer at another address.',
  },
} as const;

/** What a drill may make Telegram say wrongly; null: nothing. */
const MISTAKES = ['issuer', 'audience', 'nonce', 'expired', 'foreign-key'] as const;

export function registerOidc(router: Router, world: World, people: People): void {
  const issuer = `${world.selfUrl}${BASE}`;
  const clientId = world.config.telegram.token.split(':')[0] ?? '';
  const keys = createOidcKeys(world);
  let mistake: Mistake | undefined;
  const tokens = createTokens({ world, keys, issuer, clientId, mistake: () => mistake });

  router.on(
    'GET',
    `${BASE}/.well-known/openid-configuration`,
    () => json(200, discovery(issuer)),
    API,
  );
  router.on('GET', `${BASE}/.well-known/jwks.json`, () => json(200, keys.published()), API);
  router.on('POST', `${BASE}/token`, (request) => tokens.exchange(request), API);

  router.on('GET', `${BASE}/auth`, (request) => {
    const language = chooseLanguage(request);
    const asked = readAsked(request.query, clientId);
    if (asked.outcome === 'stranger') return html(notKnown(language), 400);
    if (asked.outcome === 'refused') return redirect(back(asked, { error: asked.error }));
    const fields = { ...Object.fromEntries(request.query), lang: language };
    const { title, refuse } = WORDS[language];
    const what = { fields, people: shown(people), label: title, refusal: refuse };
    return html(sheet(language, title, choice(language, what)));
  });
  router.on('POST', `${BASE}/auth`, (request) => {
    const form = formOf(request);
    const [asked, person] = [readAsked(form, clientId), personIn(people, form)];
    if (asked.outcome === 'stranger') return html(notKnown(chooseLanguage(request)), 400);
    if (asked.outcome === 'refused') return redirect(back(asked, { error: asked.error }));
    if (form.get('answer') === 'no' || person === undefined) {
      return redirect(back(asked, { error: 'access_denied' }));
    }
    return redirect(back(asked, { code: tokens.codeFor(asked, person) }));
  });

  router.on('POST', `${CONTROL}/rotate`, () => json(200, { kid: keys.rotate() }));
  router.on('PUT', CONTROL, (request) => {
    const body = parseJson(request.body);
    const wanted = typeof body === 'object' && body !== null && 'mistake' in body && body.mistake;
    const known = MISTAKES.find((each) => each === wanted);
    if (known === undefined && wanted !== null) {
      return json(400, { error: `mistake must be null or one of ${MISTAKES.join(', ')}` });
    }
    mistake = known;
    return json(200, { mistake: mistake ?? null });
  });
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code'],
    scopes_supported: ['openid', 'profile', 'phone', 'telegram:bot_access'],
    id_token_signing_alg_values_supported: ['RS256', 'ES256', 'EdDSA', 'ES256K'],
    code_challenge_methods_supported: ['S256'],
  };
}

/** The address that asked, with the answer and with the state it sent. */
function back(
  { redirectUri, state }: Pick<Asked, 'redirectUri' | 'state'>,
  answer: object,
): string {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, String(value));
  if (state !== null) url.searchParams.set('state', state);
  return url.href;
}

function notKnown(language: Language): string {
  const { title, wrong } = WORDS[language];
  return sheet(language, title, markup`<p>${wrong}</p>`);
}
