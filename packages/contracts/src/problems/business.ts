import { problem } from './problem.ts';

/** Refusals of the business, module by module. */
export const business = {
  'audit.key_reused': problem(
    'conflict',
    'This key belongs to another act',
    'Этот ключ уже принадлежит другому действию',
    'The caller sends one Idempotency-Key with two different wishes: a new wish needs a new key.',
  ),
  'catalog.plan_not_offered': problem(
    'not_found',
    'This plan is not sold',
    'Этот тариф не продаётся',
    'Whether the plan is retired, and in which currencies it has prices.',
  ),
  'orders.not_found': problem(
    'not_found',
    'Order not found',
    'Заказ не найден',
    'The id, and whose it is.',
  ),
  'orders.not_open': problem(
    'conflict',
    'The order is closed',
    'Заказ уже закрыт',
    'It is paid, expired or cancelled: make a new one.',
  ),
  'subscriptions.not_found': problem(
    'not_found',
    'Subscription not found',
    'Подписка не найдена',
    'The id, and whose it is.',
  ),
  'messaging.channel_unavailable': problem(
    'unavailable',
    'The message could not be sent yet',
    'Сообщение пока не отправлено',
    'The channel: it is repeated by itself.',
  ),
  'messaging.address_invalid': problem(
    'invalid',
    'No mail can be sent to this address',
    'На этот адрес нельзя отправить письмо',
    'A misprint, letters that only look Latin, or a kind of address nobody has.',
  ),
  'messaging.webhook_rejected': problem(
    'forbidden',
    'The report was refused',
    'Отчёт отклонён',
    'The reason in the log: SENDGRID_WEBHOOK_KEY, the clock, or a repeat that came too late.',
  ),
  'payments.not_found': problem(
    'not_found',
    'Payment not found',
    'Платёж не найден',
    'The id, and whose it is.',
  ),
  'payments.provider_not_configured': problem(
    'not_found',
    'This way to pay is not available',
    'Этот способ оплаты недоступен',
    'The keys of the provider are missing: its endpoint is closed.',
  ),
  'payments.webhook_rejected': problem(
    'forbidden',
    'The notice was refused',
    'Уведомление отклонено',
    '`opora payments verify` with the recorded notice names the reason.',
  ),
  'payments.provider_unavailable': problem(
    'unavailable',
    'The payment provider does not answer',
    'Платёжная система не отвечает',
    'The outcome is unknown and asked again; the status page of the provider.',
  ),
  'payments.provider_protocol': problem(
    'unavailable',
    'The payment provider answered oddly',
    'Платёжная система ответила непонятно',
    'Its answer in the log against its documents: it may have changed.',
  ),
  'payments.provider_refused': problem(
    'conflict',
    'The payment provider refused',
    'Платёжная система отказала',
    'The refusal in the log: shop settings, limits, receipts.',
  ),
  'payments.provider_payment_missing': problem(
    'not_found',
    'The payment provider does not know this payment',
    'Платёжная система не знает этого платежа',
    'Whether the shop id and its mode (test or live) fit.',
  ),
  'payments.unsupported': problem(
    'invalid',
    'The payment provider cannot do this',
    'Платёжная система этого не умеет',
    'The capabilities of the provider in its manifest.',
  ),
  'payments.refund_exceeds_payment': problem(
    'conflict',
    'More than is left of the payment',
    'Больше, чем осталось от платежа',
    'The refunds already made.',
  ),
  'payments.state_conflict': problem(
    'conflict',
    'The payment is in another state',
    'Платёж в другом состоянии',
    'The history of the payment.',
  ),
  'provisioning.panel_unavailable': problem(
    'unavailable',
    'The panel does not answer',
    'Панель не отвечает',
    'The panel itself; jobs wait and are repeated.',
  ),
  'provisioning.panel_credentials': problem(
    'unavailable',
    'The panel refused our token',
    'Панель не приняла ключ',
    'REMNAWAVE_TOKEN: deleted, wrong, or its scope is too narrow.',
  ),
  'provisioning.panel_misconfigured': problem(
    'unavailable',
    'Something else answered in place of the panel',
    'Вместо панели ответил кто-то другой',
    'REMNAWAVE_URL and the proxy before it (REMNAWAVE_HEADERS, REMNAWAVE_COOKIE).',
  ),
  'provisioning.panel_refused': problem(
    'conflict',
    'The panel refused',
    'Панель отказала',
    'The refusal in the log; squads and limits in the panel.',
  ),
  'provisioning.panel_unsupported': problem(
    'unavailable',
    'This version of the panel is unknown',
    'Эта версия панели не поддерживается',
    'The supported versions; until then we only read.',
  ),
  'provisioning.webhook_rejected': problem(
    'forbidden',
    'The notice was refused',
    'Уведомление отклонено',
    'REMNAWAVE_WEBHOOK_SECRET on both sides, and both clocks.',
  ),
};
