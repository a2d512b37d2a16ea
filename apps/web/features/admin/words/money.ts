import type { BalanceEntryWire, PersonMethodWire, PersonRenewalWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';

type Kind = BalanceEntryWire['kind'];
type Advice = NonNullable<NonNullable<PersonRenewalWire['decline']>['advice']>;
/** Open: the journal may hold reasons of long ago. */
type Reasons = Readonly<Record<string, string>>;

const ruKinds: Record<Kind, string> = {
  payment: 'пополнение или лишняя оплата',
  sale: 'оплата с баланса',
  refund: 'возврат плательщику',
  sale_refund: 'возврат на баланс',
  hold: 'отложено: заказ или возврат',
  release: 'снова свободно',
  adjustment: 'изменено сотрудником',
};
const enKinds: Record<Kind, string> = {
  payment: 'top-up or surplus',
  sale: 'paid from the balance',
  refund: 'refunded to the payer',
  sale_refund: 'refunded to the balance',
  hold: 'held: order or refund',
  release: 'free again',
  adjustment: 'adjusted by staff',
};
const ruMethods: Record<PersonMethodWire['state'], string> = {
  active: 'хранится',
  removed: 'убран владельцем',
  refused: 'запрещён банком',
};
const enMethods: Record<PersonMethodWire['state'], string> = {
  active: 'kept',
  removed: 'removed by its owner',
  refused: 'forbidden by the bank',
};
const ruAdvice: Record<Advice, string> = {
  retry: 'можно повторить',
  another_method: 'нужен другой способ',
  stop: 'больше не пробовать',
};
const enAdvice: Record<Advice, string> = {
  retry: 'may be tried again',
  another_method: 'needs another method',
  stop: 'never again',
};

const ruWhy: Reasons = {
  terms_changed: 'цена или условия изменились',
  money_back: 'последний платёж возвращён',
  another_method: 'банк не принял, нужен другой способ',
  stop: 'банк запретил способ',
  declined: 'попытки кончились',
  unknown: 'банк не ответил',
  late: 'срок кончился раньше предупреждения',
  method_removed: 'способ убран владельцем',
  banned: 'доступ закрыт',
};

const ru = {
  moves: 'Баланс: движения',
  ledger: 'Книга',
  held: 'Отложено',
  methods: 'Сохранённые способы оплаты',
  renewals: 'Автопродление',
  kinds: ruKinds,
  methodStates: ruMethods,
  advice: ruAdvice,
  why: ruWhy,
  columns: {
    method: 'Способ',
    next: 'Следующее списание',
    agreed: 'Согласие',
    decline: 'Последний отказ',
    saved: 'Сохранён',
    expires: 'Действует до',
    ended: 'Закончился',
  },
  chosen: 'для новых согласий',
  words: (version: string) => `слова ${version}`,
  tries: (count: string) => `попыток ${count}`,
};

const en: typeof ru = {
  moves: 'Balance: moves',
  ledger: 'Ledger',
  held: 'Held',
  methods: 'Saved methods',
  renewals: 'Renewals',
  kinds: enKinds,
  methodStates: enMethods,
  advice: enAdvice,
  why: {
    terms_changed: 'price or terms changed',
    money_back: 'last payment given back',
    another_method: 'not taken, needs another method',
    stop: 'method forbidden by the bank',
    declined: 'out of tries',
    unknown: 'the bank did not answer',
    late: 'the term ended before the word',
    method_removed: 'method removed by its owner',
    banned: 'access closed',
  },
  columns: {
    method: 'Method',
    next: 'Next charge',
    agreed: 'Consent',
    decline: 'Last decline',
    saved: 'Saved',
    expires: 'Good until',
    ended: 'Ended',
  },
  chosen: 'for new consents',
  words: (version) => `words ${version}`,
  tries: (count) => `tries ${count}`,
};

export const moneyWords: Readonly<Record<Language, typeof ru>> = { ru, en };
