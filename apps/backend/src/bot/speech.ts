/** The words the bot needs, with the values of each: the compiler holds every screen to them. */
import { assert, type Language } from '@opora/kernel';
import {
  placeholdersIn,
  type Locales,
  type Words,
  type WordValue,
} from '../platform/words/index.ts';

const MESSAGES = {
  'start.new': ['product', 'promise'],
  'start.back': ['days', 'name', 'until'],
  'start.expired': ['at', 'name'],
  menu: ['product'],
  'calm.incident': ['title'],
  'calm.maintenance': ['title', 'until'],
  help: [],
  language: [],
  plans: ['devices', 'traffic'],
  'plans.extend': ['until'],
  'plans.none': [],
  price: ['monthly', 'price', 'term', 'until'],
  'price.extend': ['monthly', 'price', 'term', 'until'],
  'price.renews': ['price', 'term'],
  'price.renewsAtVendor': ['ways'],
  'renewal.on': ['at', 'method', 'price'],
  'renewal.off': ['method', 'price'],
  'renewal.none': [],
  balance: ['sum'],
  'balance.also': ['sum'],
  'balance.held': ['sum'],
  'balance.hint': [],
  'balance.in': ['at', 'sum', 'what'],
  'balance.out': ['at', 'sum', 'what'],
  'balance.kind.payment': [],
  'balance.kind.sale': [],
  'balance.kind.refund': [],
  'balance.kind.sale_refund': [],
  'balance.kind.hold': [],
  'balance.kind.release': [],
  'balance.kind.adjustment': [],
  topUp: [],
  'topUp.sum': ['method'],
  'pay.balance': ['balance', 'price'],
  'pay.mixed': ['balance', 'part', 'price', 'rest'],
  'pay.choose': ['price'],
  'pay.chooseRest': ['price'],
  'pay.resting': ['method'],
  'pay.priceOf': ['method', 'price'],
  'pay.link': ['deadline', 'price'],
  'pay.linkRest': ['deadline', 'part', 'price'],
  'pay.unavailable': ['method'],
  'pay.closed': [],
  waiting: [],
  'paid.preparing': ['price'],
  'paid.balance': ['left', 'price'],
  'stars.closed': [],
  'stars.unsure': [],
  subscription: ['days', 'devices', 'link', 'traffic', 'until'],
  'subscription.preparing': [],
  'subscription.expired': ['at'],
  'subscription.none': [],
  'devices.of': ['limit', 'used'],
  'devices.upTo': ['limit'],
  'traffic.of': ['limit', 'spent'],
  'traffic.unlimited': ['spent'],
  devices: ['limit', 'list', 'used'],
  'devices.full': ['limit', 'list', 'used'],
  'devices.none': ['limit'],
  'devices.unavailable': [],
  'connect.choose': [],
  connect: ['app', 'link', 'platform'],
  account: [],
  'account.none': [],
  support: [],
  terms: ['terms'],
  banned: [],
  group: [],
  error: ['id', 'what'],
  'what.open': [],
  'toast.stale': [],
  'toast.priceChanged': [],
  'toast.notYet': [],
  'toast.removed': [],
  'toast.renewalOn': [],
  'toast.renewalOff': [],
  'toast.methodGone': [],
  'toast.tooOften': [],
  'command.start': [],
  'command.menu': [],
  'command.plans': [],
  'command.subscription': [],
  'command.language': [],
  'command.support': [],
  'command.terms': [],
  'command.paysupport': [],
} as const;

const BUTTONS = {
  plans: [],
  support: [],
  menu: [],
  connect: [],
  extend: [],
  restore: [],
  mySubscription: [],
  myAccount: [],
  openAccount: [],
  devices: [],
  language: [],
  terms: [],
  term: ['price', 'term'],
  pay: ['price'],
  renewOn: [],
  renewOff: [],
  renewal: [],
  switchOn: [],
  switchOff: [],
  forget: ['method'],
  otherTerm: [],
  otherWay: [],
  balance: [],
  topUp: [],
  sum: ['sum'],
  payBalance: [],
  payRest: ['price'],
  keepBalance: [],
  goPay: [],
  check: [],
  checkAgain: [],
  repeat: [],
  install: [],
  add: [],
  copyLink: [],
  otherDevice: [],
  remove: ['device'],
  write: [],
  russian: [],
  english: [],
} as const;

type Arguments<Names extends readonly string[]> = Names extends readonly []
  ? []
  : [values: Readonly<Record<Names[number], WordValue>>];

type MessageKey = keyof typeof MESSAGES;
type ButtonKey = keyof typeof BUTTONS;

/** The product's words in one person's language. */
export interface Speech {
  readonly language: Language;
  html<K extends MessageKey>(key: K, ...values: Arguments<(typeof MESSAGES)[K]>): string;
  plain<K extends MessageKey>(key: K, ...values: Arguments<(typeof MESSAGES)[K]>): string;
  label<K extends ButtonKey>(key: K, ...values: Arguments<(typeof BUTTONS)[K]>): string;
  /** What a way to pay is called on its button; its code when the product has no word for it. */
  way(code: string): string;
  /** The same inside a sentence. */
  method(code: string): string;
}

export function speechIn(words: Words, language: Language): Speech {
  return {
    language,
    html: (key, ...[values]) => words.html(language, key, values),
    plain: (key, ...[values]) => words.plain(language, key, values),
    label: (key, ...[values]) => words.label(language, key, values),
    way: (code) => words.label(language, `way.${code}`),
    method: (code) => words.plain(language, `method.${code}`),
  };
}

/** What the product's words lack for this bot; a bot with such words does not start. */
export function assertSpeaks(product: { locales: Locales; ways: readonly string[] }): void {
  const { messages, buttons } = product.locales.ru;
  for (const [part, wanted, texts] of [
    ['messages', MESSAGES, messages],
    ['buttons', BUTTONS, buttons],
  ] as const) {
    for (const [key, names] of Object.entries<readonly string[]>(wanted)) {
      const text = texts[key];
      assert(text !== undefined, `the product's words lack ${part}.${key}`);
      const found = placeholdersIn(text).join();
      assert(found === names.join(), `${part}.${key} has values ${found}, not ${names.join()}`);
    }
  }
  for (const way of product.ways) {
    const isNamed = messages[`method.${way}`] !== undefined && buttons[`way.${way}`] !== undefined;
    assert(isNamed, `the product's words lack method.${way} or way.${way}`);
  }
}
