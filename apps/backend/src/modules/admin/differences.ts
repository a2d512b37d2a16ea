/** Runs and differences of the reconciliation as staff reads them: what one means and what to do. */
import type { BookEntryWire, DifferenceWire, ReconciliationRunWire } from '@opora/contracts';
import { isCurrency, type Currency } from '@opora/kernel';
import type {
  BookEntry,
  Difference,
  DifferenceKind,
  ReconciliationRun,
} from '../payments/index.ts';

type Said = Readonly<Pick<DifferenceWire, 'means' | 'todo'>> & { mayBeAsked?: true };

function said(means: DifferenceWire['means'], todo: DifferenceWire['todo']): Said {
  return { means, todo };
}

/** Our core could not take it at the time: asking again may, and else the log says why. */
function askAgain(means: DifferenceWire['means']): Said {
  const todo = {
    ru: 'Спросите платёжную систему; если не поможет, журнал роли worker за эту минуту скажет, что помешало.',
    en: 'Ask the provider; if that does not help, the log of the worker in that minute says why.',
  };
  return { means, todo, mayBeAsked: true };
}

const SAID: Readonly<Record<DifferenceKind, Said>> = {
  not_settled_here: askAgain({
    ru: 'Там оплачено, у нас нет: уведомление потерялось.',
    en: 'Paid there and not settled here: its notice was lost.',
  }),
  held_there: askAgain({
    ru: 'Там деньги придержаны, мы об этом не знаем.',
    en: 'Held there and not known here.',
  }),
  unknown_here: said(
    {
      ru: 'Там деньги с номером, которого у нас нет: другая установка того же магазина или наша база из старой копии.',
      en: 'Money there under an id we do not have: another installation of this shop, or our database is from an old copy.',
    },
    {
      ru: 'После восстановления найдите покупателя по сумме и времени: дайте доступ или верните деньги. Иначе: один магазин на одну установку.',
      en: 'After a restore find the buyer by sum and time: give access or the money back. Else: one shop for one installation.',
    },
  ),
  without_our_id: said(
    {
      ru: 'Там деньги, которые не называют нашего платежа: счёт выставлен вручную.',
      en: 'Money there that names no payment of ours: an invoice made by hand.',
    },
    {
      ru: 'Ничего, если счёт вам знаком; иначе найдите его в кабинете по номеру.',
      en: 'Nothing if you know it; else find it in the cabinet by its id.',
    },
  ),
  not_paid_there: said(
    {
      ru: 'У нас оплачено, там нет: система взяла слово назад или смешаны тестовые и настоящие ключи.',
      en: 'Settled here and not paid there: it took its word back, or test and live keys are mixed.',
    },
    {
      ru: 'Спросите поддержку системы по номеру, прежде чем что-либо возвращать.',
      en: "Ask the provider's support by the id before you give anything back.",
    },
  ),
  unknown_there: said(
    {
      ru: 'У нас оплачено, там такого платежа нет: настроен другой магазин или ключ.',
      en: 'Settled here and unknown there: another shop or key is configured now.',
    },
    {
      ru: 'Сравните номер магазина в настройках с тем, что был во время платежа.',
      en: 'Compare the shop id of the settings with the one of that time.',
    },
  ),
  wrong_amount: said(
    {
      ru: 'Там другая сумма: её изменили в кабинете, у нас она не учтена.',
      en: 'Another amount there: somebody changed it; it is not booked.',
    },
    {
      ru: 'Верните деньги в кабинете системы или выдайте доступ вручную.',
      en: 'Give it back in the cabinet, or grant access by hand.',
    },
  ),
  wrong_currency: said(
    {
      ru: 'Там другая валюта: у нас она не учтена.',
      en: 'Another currency there: it is not booked.',
    },
    {
      ru: 'Верните деньги в кабинете системы или выдайте доступ вручную.',
      en: 'Give it back in the cabinet, or grant access by hand.',
    },
  ),
  refunded_there: askAgain({
    ru: 'Там деньги вернули, у нас возврата нет.',
    en: 'Given back there and not here.',
  }),
  refunded_here: said(
    {
      ru: 'У нас возврат есть, там нет: система его отменила, а человек ждёт денег.',
      en: 'Given back here and not there: the refund was taken back, and the person waits for it.',
    },
    {
      ru: 'Посмотрите возврат в кабинете системы и повторите его там.',
      en: 'Look at the refund in the cabinet and make it again there.',
    },
  ),
  disputed_there: {
    means: {
      ru: 'Банк покупателя просит деньги назад, у нас спор не отмечен.',
      en: "The buyer's bank asks for the money; not known here.",
    },
    todo: {
      ru: 'Ответьте банку в кабинете системы в срок и спросите систему здесь.',
      en: 'Answer the bank in the cabinet in time, and ask the provider here.',
    },
    mayBeAsked: true,
  },
  dispute_over: askAgain({
    ru: 'Там спор окончен, у нас ещё идёт.',
    en: 'Disputed here and no more there.',
  }),
  second_object: said(
    {
      ru: 'Там за один наш платёж заплатили второй раз.',
      en: 'A second object there for one payment of ours: it was paid twice.',
    },
    { ru: 'Верните второй платёж в кабинете системы.', en: 'Give the second one back there.' },
  ),
  test_object: said(
    {
      ru: 'Тестовый платёж: это не деньги.',
      en: 'A test object, which is no money.',
    },
    {
      ru: 'Проверьте ключи системы в настройках; доступ за него не выдавайте.',
      en: 'Check the keys of the provider; give no access for it.',
    },
  ),
  unrecognised: said(
    {
      ru: 'Состояние, которого мы не знаем: деньги это или нет, неясно.',
      en: 'A state that we do not know: perhaps money, perhaps not.',
    },
    { ru: 'Сравните вручную в кабинете системы.', en: 'Compare by hand in the cabinet.' },
  ),
};

export function differenceRow(difference: Difference): DifferenceWire {
  const { means, todo, mayBeAsked = false } = SAID[difference.kind];
  return {
    ...{ id: difference.id, provider: difference.provider, day: difference.day },
    ...{ kind: difference.kind, state: difference.state },
    reference: difference.reference.slice(0, 200),
    paymentId: difference.paymentId ?? null,
    ours: entry(difference.ours),
    theirs: entry(difference.theirs),
    ...{ means, todo },
    mayBeAsked: mayBeAsked && difference.paymentId !== undefined,
    foundAt: difference.foundAt.toISOString(),
    lastFoundAt: difference.lastFoundAt.toISOString(),
  };
}

function entry(book: BookEntry | undefined): BookEntryWire | null {
  if (book === undefined || !isCurrency(book.currency)) return null;
  const sum = (minor: string, currency: Currency) => ({ minor, currency });
  return {
    state: book.state,
    amount: sum(book.minor, book.currency),
    refunded: sum(book.refundedMinor, book.currency),
  };
}

export function runRow(run: ReconciliationRun): ReconciliationRunWire {
  return {
    ...run,
    failure: run.failure?.slice(0, 500) ?? null,
    startedAt: run.startedAt.toISOString(),
    finishedAt: run.finishedAt?.toISOString() ?? null,
  };
}
