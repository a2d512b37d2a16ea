import type { Language } from '@opora/kernel';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { showAccount } from './account.ts';
import { startView, menuView } from './home.view.ts';
import { languageView, supportView, termsView } from './info.view.ts';
import { showPlanByCode } from './plans.ts';
import { standingOf } from './standing.ts';

/** From the sign-in page of the site. */
const ACCOUNT_LINK = 'account';
const PLAN_LINK = /^plan_([A-Za-z0-9_-]{1,59})$/;

/** `/start`: a greeting that fits, or what the site's link named: a plan, the account. */
export async function showStart(
  deps: ScreenDeps,
  turn: Turn,
  payload: string | undefined,
): Promise<Shown> {
  const code = PLAN_LINK.exec(payload ?? '')?.[1];
  if (code !== undefined) return showPlanByCode(deps, turn, code);
  if (payload === ACCOUNT_LINK) return showAccount(deps, turn);
  const { standing } = await standingOf(deps, turn);
  const facts = { product: deps.product, name: turn.person.name, standing };
  return { view: startView(turn.speech, facts) };
}

export function showMenu(deps: ScreenDeps, turn: Turn): Shown {
  return { view: menuView(turn.speech, { product: deps.product }) };
}

/** What is said to words that are no command. */
export function showHelp(deps: ScreenDeps, turn: Turn): Shown {
  return { view: menuView(turn.speech, { product: deps.product, isHelp: true }) };
}

export function showLanguages(turn: Turn): Shown {
  return { view: languageView(turn.speech) };
}

/** Saves the choice; `in` gives the same turn in the chosen language. */
export async function chooseLanguage(
  deps: ScreenDeps,
  turn: Turn,
  choice: { language: Language; turn: Turn },
): Promise<Shown> {
  await deps.identity.setLanguage(turn.person.id, choice.language);
  return { ...showMenu(deps, choice.turn), language: choice.language };
}

export function showSupport(deps: ScreenDeps, turn: Turn): Shown {
  return { view: supportView(turn.speech, deps.product.supportUrl) };
}

export function showTerms(deps: ScreenDeps, turn: Turn): Shown {
  return { view: termsView(turn.speech, deps.product.terms) };
}
