import type { Language } from '@opora/kernel';

type Words = Readonly<{
  rehearsal: string;
  title: string;
  monthly: string;
  who: string;
  pay: (stars: string) => string;
  outcomes: string;
  outcomesHint: string;
  poor: readonly [label: string, note: string];
  cancel: readonly [label: string, note: string];
  twice: readonly [label: string, note: string];
  late: string;
  lateHint: string;
  lateMinutes: (minutes: number) => string;
  asked: readonly [title: string, text: string];
  paid: readonly [title: string, text: string];
  refused: readonly [title: string, text: string];
  expired: readonly [title: string, text: string];
  tooFew: readonly [title: string, text: string];
  left: readonly [title: string, text: string];
  promised: readonly [title: string, text: string];
  again: string;
  back: string;
  unknown: string;
  otherLanguage: string;
}>;

const ru: Words = {
  rehearsal: 'Тестовый Telegram: звёзды не списываются',
  title: 'Оплата звёздами',
  monthly: 'Telegram списывает столько каждые 30 дней, пока подписка не отменена.',
  who: 'Кто платит',
  pay: (stars) => `Заплатить ${stars}`,
  outcomes: 'Другие исходы',
  outcomesHint: 'Каждая кнопка разыгрывает один исход сразу.',
  poor: ['Не хватает звёзд', 'Telegram предложит купить ещё, бот ни о чём не узнает'],
  cancel: ['Закрыть, не заплатив', 'Счёт остаётся открытым'],
  twice: ['Нажать дважды', 'Две оплаты одного счёта в один миг'],
  late: 'Заплатить после срока',
  lateHint: 'Покупатель платит, когда бот уже закрыл заказ, а счёт ещё в чате.',
  lateMinutes: (minutes) => `через ${String(minutes)} мин`,
  asked: ['Telegram спрашивает бота', 'Бот отвечает не дольше 10 секунд. Звёзды ещё не списаны.'],
  paid: ['Оплачено', 'Звёзды списаны, бот узнает об этом сообщением в чате.'],
  refused: ['Бот не принял оплату', 'Звёзды не списаны. Бот ответил:'],
  expired: ['Бот не ответил вовремя', 'Звёзды не списаны. Попробуйте ещё раз.'],
  tooFew: ['Не хватает звёзд', 'Звёзды не списаны. Купите ещё и вернитесь к счёту.'],
  left: ['Счёт закрыт', 'Звёзды не списаны, счёт можно открыть снова.'],
  promised: ['Оплата придёт позже', 'Telegram спросит бота в назначенный срок.'],
  again: 'Вернуться к счёту',
  back: 'Вернуться в чат',
  unknown: 'Такого счёта нет. Вернитесь в чат и начните оплату снова.',
  otherLanguage: 'English',
};

const en: Words = {
  rehearsal: 'Test Telegram: no Stars are taken',
  title: 'Pay with Stars',
  monthly: 'Telegram charges this every 30 days until the subscription is cancelled.',
  who: 'Who pays',
  pay: (stars) => `Pay ${stars}`,
  outcomes: 'Other outcomes',
  outcomesHint: 'Each button plays one outcome at once.',
  poor: ['Not enough Stars', 'Telegram offers to buy more; the bot hears nothing'],
  cancel: ['Close without paying', 'The invoice stays open'],
  twice: ['Tap twice', 'Two payments of one invoice at the same moment'],
  late: 'Pay after the deadline',
  lateHint:
    'The buyer pays when the bot has closed the order but the invoice is still in the chat.',
  lateMinutes: (minutes) => `in ${String(minutes)} min`,
  asked: ['Telegram asks the bot', 'The bot has 10 seconds to answer. No Stars are taken yet.'],
  paid: ['Paid', 'The Stars are taken; the bot hears of it by a message in the chat.'],
  refused: ['The bot did not accept the payment', 'No Stars were taken. The bot said:'],
  expired: ['The bot did not answer in time', 'No Stars were taken. Try again.'],
  tooFew: ['Not enough Stars', 'No Stars were taken. Buy more and come back to the invoice.'],
  left: ['The invoice is closed', 'No Stars were taken; it can be opened again.'],
  promised: ['The payment comes later', 'Telegram asks the bot at the promised time.'],
  again: 'Back to the invoice',
  back: 'Back to the chat',
  unknown: 'There is no such invoice. Go back to the chat and start again.',
  otherLanguage: 'Русский',
};

export const SHEET_WORDS: Readonly<Record<Language, Words>> = { ru, en };
