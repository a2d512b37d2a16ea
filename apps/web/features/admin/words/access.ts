import { STAFF_PERMISSIONS, type StaffPermission } from '@opora/contracts';
import type { Language } from '@opora/kernel';

const ruRights: Record<StaffPermission, string> = {
  'today:read': 'Обзор: продажи, люди, платёжные системы, что ждёт.',
  'people:read': 'Находить людей и видеть о каждом всё.',
  'people:ban': 'Закрывать доступ человеку и открывать снова.',
  'people:message': 'Писать человеку.',
  'orders:read': 'Заказы и их история.',
  'payments:read': 'Платежи и их история.',
  'payments:look': 'Спросить платёжную систему о платеже.',
  'payments:refund': 'Возвращать деньги.',
  'payments:enter': 'Вносить оплаты по документам и подтверждать чужие.',
  'payments:reconcile': 'Сверять учёт платёжной системы за день с нашим.',
  'providers:switch': 'Отключать и включать способ оплаты.',
  'notices:read': 'Уведомления систем в исходном виде, отказанные тоже.',
  'subscriptions:read': 'Подписки и что о них знает панель.',
  'subscriptions:extend': 'Добавлять дни подписке.',
  'subscriptions:extend_all': 'Добавлять дни всем, пока оплата не работает, и забирать их.',
  'subscriptions:grant': 'Давать доступ, за который не платили.',
  'subscriptions:revoke': 'Закрывать доступ раньше срока.',
  'deliveries:read': 'Что ждёт панели и почему.',
  'deliveries:retry': 'Выдать сейчас, прислать ссылку снова.',
  'ledger:read': 'Счета и проводки.',
  'plans:read': 'Тарифы и все их версии.',
  'plans:write': 'Публиковать новую версию тарифа.',
  'messages:read': 'Статистика писем и сообщений.',
  'audit:read': 'Кто, что и почему сделал.',
  'settings:read': 'Настройки; о секретах видно только, заданы ли.',
  'staff:read': 'Кто сотрудник.',
  'staff:write': 'Приглашать, менять роль, закрывать доступ сотрудникам.',
  'exports:read': 'Списки файлами CSV.',
};

const ru = {
  why: (days: string) =>
    `Кто что может и когда этим пользовался: за последние ${days} дней. Просмотр следа не оставляет, действия оставляют.`,
  people: 'Люди',
  rights: 'Права',
  invitations: 'Открытые приглашения',
  noInvitations: 'Никого не ждём.',
  texts: ruRights,
  columns: {
    sessions: 'Открытых входов',
    used: 'Действия: пользовался',
    right: 'Право',
    roles: 'У кого',
    last: 'Кто последний и когда',
    by: 'Пригласил',
  },
  codes: (count: string) => `запасных кодов: ${count}`,
  noFactor: 'нет второго шага',
  usedOf: (used: string, all: string) => `${used} из ${all}`,
  never: 'никто',
  neverOwn: 'не пользовался',
  noTrace: 'просмотр',
  longAgo: 'не заходил 90 дней',
  neverSeen: 'ещё не заходил',
  fresh: 'нужен свежий второй шаг',
};

const en: typeof ru = {
  why: (days) =>
    `Who may what, and when they used it in the last ${days} days. Reading leaves no trace, acts do.`,
  people: 'People',
  rights: 'Rights',
  invitations: 'Open invitations',
  noInvitations: 'Nobody is expected.',
  texts: STAFF_PERMISSIONS,
  columns: {
    sessions: 'Open sessions',
    used: 'Acts: used',
    right: 'Right',
    roles: 'Who has it',
    last: 'Who used it last, and when',
    by: 'Invited by',
  },
  codes: (count) => `recovery codes: ${count}`,
  noFactor: 'no second factor',
  usedOf: (used, all) => `${used} of ${all}`,
  never: 'nobody',
  neverOwn: 'not used',
  noTrace: 'reading',
  longAgo: 'not seen for 90 days',
  neverSeen: 'never came',
  fresh: 'asks for a fresh second factor',
};

export const accessWords: Readonly<Record<Language, typeof ru>> = { ru, en };
