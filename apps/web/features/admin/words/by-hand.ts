import type { Language } from '@opora/kernel';

const ru = {
  why: 'Пока платёжная система не работает: никто не теряет доступ, а деньги, пришедшие мимо неё, попадают в книгу.',
  extensions: 'Продление всех',
  noExtensions: {
    title: 'Всем ещё не продлевали',
    why: 'Когда оплата не работает, дни можно добавить всем одним действием и одним же забрать.',
  },
  payments: 'Оплаты по документам',
  noPayments: {
    title: 'По документам ничего не вносили',
    why: 'Оплату вносят на странице заказа или человека: сумма, документ, причина.',
  },
  days: 'Дней',
  plus: (days: number) => `+${String(days)} дн.`,
  progress: 'Сделано',
  of: (done: number, all: number) => `${String(done)} из ${String(all)}`,
  taken: (count: number) => `, забрано у ${String(count)}`,
  by: 'Кто',
  reason: 'Причина',
  document: 'Документ',
  back: 'возврат',
  confirmed: (name: string) => `решил(а) ${name}`,
  own: 'подтвердит другой',
};

const en: typeof ru = {
  why: 'While a payment provider is down: nobody loses access, and money that came past it gets into the books.',
  extensions: 'Days for everybody',
  noExtensions: {
    title: 'Nobody was extended yet',
    why: 'While payments do not work, one act adds days for everybody, and one act takes them back.',
  },
  payments: 'Payments from documents',
  noPayments: {
    title: 'Nothing was entered from documents',
    why: 'A payment is entered on the page of its order or person: sum, document, reason.',
  },
  days: 'Days',
  plus: (days) => `+${String(days)} d`,
  progress: 'Done',
  of: (done: number, all: number) => `${String(done)} of ${String(all)}`,
  taken: (count: number) => `, taken from ${String(count)}`,
  by: 'Who',
  reason: 'Reason',
  document: 'Document',
  back: 'refund',
  confirmed: (name: string) => `decided by ${name}`,
  own: 'another person confirms',
};

export type ByHandWords = typeof ru;
export const byHandWords: Readonly<Record<Language, ByHandWords>> = { ru, en };
