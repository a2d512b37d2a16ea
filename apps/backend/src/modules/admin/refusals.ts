/** What staff does about a refused notice: the reason as a word, the way out as a sentence. */
import type { RefusalRow } from '@opora/contracts';
import type { RefusalListed } from '../payments/index.ts';

const CHECKS: Readonly<Record<string, RefusalRow['check']>> = {
  sender_not_allowed: {
    ru: 'Адрес отправителя не из сетей платёжной системы: проверьте <PROVIDER>_WEBHOOK_NETWORKS и OPORA_TRUSTED_PROXIES, затем запросите платёж вручную.',
    en: 'The sender is not in the networks of the provider: check <PROVIDER>_WEBHOOK_NETWORKS and OPORA_TRUSTED_PROXIES, then look at the payment by hand.',
  },
  malformed: {
    ru: 'Тело не похоже на уведомление: посмотрите исходный вид; формат мог измениться.',
    en: 'The body does not look like a notice: read its raw form; the format may have changed.',
  },
  oversized: {
    ru: 'Уведомление больше предела: посмотрите, кто его прислал.',
    en: 'The notice is larger than the limit: see who sent it.',
  },
  signature: {
    ru: 'Подпись не сошлась: сравните секрет в кабинете платёжной системы с нашими настройками.',
    en: 'The signature does not fit: compare the secret at the provider with our settings.',
  },
  stale: {
    ru: 'Подписано слишком давно: проверьте часы сервера; иначе это повтор чужого запроса.',
    en: 'Signed too long ago: check the clock of the server, else somebody repeats an old call.',
  },
  unknown_event: {
    ru: 'Такое событие мы не обрабатываем: отключите его в кабинете платёжной системы.',
    en: 'We do not handle this event: switch it off at the provider.',
  },
};

const UNKNOWN: RefusalRow['check'] = {
  ru: 'Посмотрите исходный вид и журнал роли api в это время.',
  en: 'Read its raw form and the log of the api role at that time.',
};

/** `opora payments verify` judges a saved notice offline; it is named where nothing else helps. */
export function checkOf(reason: string): RefusalRow['check'] {
  return CHECKS[reason] ?? UNKNOWN;
}

export function refusalRow(refusal: RefusalListed): RefusalRow {
  return {
    id: refusal.id,
    provider: refusal.provider,
    reason: refusal.reason,
    detail: refusal.detail.slice(0, 500),
    check: checkOf(refusal.reason),
    remoteAddress: refusal.remoteAddress,
    receivedAt: refusal.receivedAt.toISOString(),
  };
}
