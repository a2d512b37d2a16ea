/** The one map of state words: what a state is called, and its tone. Staff and customers read the same. */
import type { Language } from '@opora/kernel';
import type { Tone } from '../../../shared/ui/status.tsx';

type StateWord = Readonly<{ tone: Tone; ru: string; en: string }>;

const state = (tone: Tone, ru: string, en: string): StateWord => ({ tone, ru, en });

const STATES: Readonly<Record<string, StateWord>> = {
  created: state('info', 'создан', 'created'),
  pending: state('info', 'ждём оплату', 'awaiting payment'),
  waiting: state('info', 'ждёт', 'waiting'),
  authorised: state('info', 'деньги придержаны', 'authorised'),
  unknown: state('warn', 'уточняем', 'checking'),
  open: state('info', 'ждём оплату', 'awaiting payment'),
  settled: state('good', 'оплачено', 'paid'),
  paid: state('good', 'оплачено', 'paid'),
  failed: state('bad', 'отклонено', 'declined'),
  cancelled: state('plain', 'отменено', 'cancelled'),
  expired: state('plain', 'истёк', 'expired'),
  partly_refunded: state('plain', 'возвращено частично', 'partly refunded'),
  refunded: state('plain', 'возвращено', 'refunded'),
  disputed: state('warn', 'оспаривается', 'disputed'),
  surplus: state('warn', 'на баланс', 'to balance'),
  requested: state('info', 'запрошен', 'requested'),
  refused: state('bad', 'отказано', 'refused'),
  delivered: state('good', 'выдано', 'delivered'),
  delivering: state('info', 'выдаём', 'preparing'),
  stuck: state('bad', 'задержка', 'delayed'),
  active: state('good', 'работает', 'active'),
  limited: state('warn', 'трафик исчерпан', 'traffic used up'),
  grace: state('warn', 'льготные дни', 'grace days'),
  on: state('good', 'включено', 'on'),
  off: state('plain', 'выключено', 'off'),
  ended: state('warn', 'закончилось', 'ended'),
  banned: state('bad', 'закрыт', 'banned'),
  disabled: state('bad', 'отключён', 'disabled'),
  done: state('good', 'сделано', 'done'),
  quarantined: state('warn', 'без заказа', 'belongs to no order'),
  sent: state('good', 'отправлено', 'sent'),
  blocked: state('warn', 'бот заблокирован', 'bot is blocked'),
  bounced: state('bad', 'вернулось', 'bounced'),
  closed: state('good', 'принимает', 'closed'),
  half_open: state('warn', 'пробует', 'half-open'),
  arrived: state('good', 'дошло', 'delivered'),
  unsent: state('bad', 'не отправлено', 'not sent'),
  none: state('plain', 'без подписки', 'no subscription'),
  switchedOff: state('bad', 'отключена', 'switched off'),
  rejected: state('bad', 'отклонено', 'rejected'),
  giving: state('info', 'продлеваем', 'under way'),
  given: state('good', 'продлено', 'given'),
  taking: state('info', 'забираем', 'taking back'),
  taken: state('plain', 'отменено', 'taken back'),
  running: state('info', 'идёт', 'under way'),
  agreed: state('good', 'сошлось', 'agreed'),
  differs: state('warn', 'расходится', 'differs'),
  partial: state('warn', 'прочитано не всё', 'not read to the end'),
  abandoned: state('bad', 'прервано', 'abandoned'),
  resting: state('bad', 'отдыхает', 'open'),
};

export function stateWord(name: string, language: Language): { tone: Tone; text: string } {
  const known = STATES[name];
  return known === undefined
    ? { tone: 'info', text: name }
    : { tone: known.tone, text: known[language] };
}

/** What the panel calls an account, in our words; undefined while it has said nothing. */
export function panelWord(status: string | null, language: Language): string | undefined {
  return status === null ? undefined : stateWord(status.toLowerCase(), language).text;
}

/** Choices of a filter by state, in the order given. */
export function stateChoices(
  names: readonly string[],
  language: Language,
): readonly (readonly [string, string])[] {
  return names.map((name) => [name, stateWord(name, language).text] as const);
}
