/** From what a person asked to the screen that answers: the whole map on one page. */
import { assertNever, type Language } from '@opora/kernel';
import type { Action, PayAction } from './actions.ts';
import { withCalmLine } from './calm-line.ts';
import type { ScreenDeps, Turn } from './deps.ts';
import { showAccount } from './screens/account.ts';
import { showBalance } from './screens/balance.ts';
import { check, type How } from './screens/bill.ts';
import { chooseWay, pay, payAgain, payBy, payFromBalance } from './screens/checkout.ts';
import { showConnect, showGuide } from './screens/connect.ts';
import {
  chooseLanguage,
  showHelp,
  showLanguages,
  showMenu,
  showStart,
  showSupport,
  showTerms,
} from './screens/home.ts';
import { showPlans, showPrice } from './screens/plans.ts';
import { forgetMethod, showRenewal, switchOff, switchOn } from './screens/renewal.ts';
import { removeDevice, showDevices, showSubscription } from './screens/subscription.ts';
import { chooseSum, showTopUp, topUp } from './screens/top-up.ts';
import type { Shown } from './view.ts';

/** Answers a tap. `inLanguage` gives the turn in another language. */
export async function openAction(
  deps: ScreenDeps,
  turn: Turn,
  asked: { action: Action; inLanguage: (language: Language) => Turn },
): Promise<Shown> {
  const { action } = asked;
  switch (action.type) {
    case 'menu':
      return withCalmLine(deps, turn, showMenu(deps, turn));
    case 'plans':
      return withCalmLine(deps, turn, await showPlans(deps, turn));
    case 'subscription':
      return showSubscription(deps, turn);
    case 'renewal':
      return showRenewal(deps, turn);
    case 'renewon':
      return switchOn(deps, turn, action.id);
    case 'renewoff':
      return switchOff(deps, turn);
    case 'forget':
      return forgetMethod(deps, turn, action.id);
    case 'devices':
      return showDevices(deps, turn);
    case 'remove':
      return removeDevice(deps, turn, action.id);
    case 'connect':
      return showConnect(deps, turn);
    case 'guide':
      return showGuide(deps, turn, action.id);
    case 'account':
      return showAccount(deps, turn);
    case 'language':
      return showLanguages(turn);
    case 'speak': {
      const language = action.id;
      return chooseLanguage(deps, turn, { language, turn: asked.inLanguage(language) });
    }
    case 'support':
      return showSupport(deps, turn);
    case 'terms':
      return showTerms(deps, turn);
    default:
      return openPaying(deps, turn, action);
  }
}

async function openPaying(deps: ScreenDeps, turn: Turn, action: PayAction): Promise<Shown> {
  switch (action.type) {
    case 'price':
      return showPrice(deps, turn, { versionId: action.id, renews: false });
    case 'priceauto':
      return showPrice(deps, turn, { versionId: action.id, renews: true });
    case 'pay':
      return pay(deps, turn, { versionId: action.id, renews: false });
    case 'payauto':
      return pay(deps, turn, { versionId: action.id, renews: true });
    case 'ways':
    case 'waysauto':
    case 'waysmix':
    case 'waysmixauto':
      return chooseWay(deps, turn, { versionId: action.id, ...howOf(action.type) });
    case 'way':
    case 'wayauto':
    case 'waymix':
    case 'waymixauto':
      return payBy(deps, turn, { way: action.id, ...howOf(action.type) });
    case 'wallet':
      return payFromBalance(deps, turn, action.id);
    case 'balance':
      return showBalance(deps, turn);
    case 'topup':
      return showTopUp(deps, turn);
    case 'topupby':
      return chooseSum(deps, turn, action.id);
    case 'topupsum':
      return topUp(deps, turn, action.id);
    case 'again':
      return payAgain(deps, turn);
    case 'check':
      return check(deps, turn, action.id);
    default:
      return assertNever(action);
  }
}

/** The endings of an action's name say how it is paid. */
function howOf(type: string): How {
  return { renews: type.endsWith('auto'), mixed: type.includes('mix') };
}

/** The commands people see in the list of the chat, in its order. */
export const COMMANDS = [
  'menu',
  'plans',
  'subscription',
  'language',
  'support',
  'terms',
  'paysupport',
  'start',
] as const;

const COMMAND = /^\/([a-z]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s+(\S{1,64}))?\s*$/;

/** Answers a message: a command, or words the bot does not understand. */
export async function openText(deps: ScreenDeps, turn: Turn, text: string): Promise<Shown> {
  const [, command, argument] = COMMAND.exec(text) ?? [];
  switch (command) {
    case 'start':
      return withCalmLine(deps, turn, await showStart(deps, turn, argument));
    case 'menu':
      return withCalmLine(deps, turn, showMenu(deps, turn));
    case 'plans':
      return withCalmLine(deps, turn, await showPlans(deps, turn));
    case 'subscription':
      return showSubscription(deps, turn);
    case 'language':
      return showLanguages(turn);
    case 'support':
    case 'paysupport':
      return showSupport(deps, turn);
    case 'terms':
      return showTerms(deps, turn);
    default:
      return showHelp(deps, turn);
  }
}
