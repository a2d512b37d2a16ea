/**
 * Every refusal that may cross the wire: its code, its kind, what a person reads and what an
 * operator checks. `docs/reference/problems.md` is this table as a page; a test holds them equal.
 */
import type { ErrorKind } from '@opora/kernel';

/** The wire's word for each kind of refusal; HTTP statuses are decided here and nowhere else. */
export const KIND_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;

export type Problem = Readonly<{
  kind: ErrorKind;
  /** Given when HTTP has a more exact status than the kind's (405, 413, ...). */
  status?: number;
  title: Readonly<{ ru: string; en: string }>;
  /** What an operator looks at first. */
  check: string;
}>;

function problem(kind: ErrorKind, en: string, ru: string, check: string, status?: number): Problem {
  return { kind, title: { ru, en }, check, ...(status === undefined ? {} : { status }) };
}

const http = {
  'http.invalid_request': problem(
    'invalid',
    'The request is not valid',
    'Запрос составлен неверно',
    '`errors` names each field by a JSON pointer and says what is wrong with it.',
  ),
  'http.malformed_body': problem(
    'invalid',
    'The body cannot be read',
    'Тело запроса не читается',
    'Broken JSON, or a Content-Length that does not fit the body.',
  ),
  'http.malformed_request': problem(
    'invalid',
    'The request breaks the rules of HTTP',
    'Запрос нарушает правила HTTP',
    'Ambiguous framing, a doubtful path or header: often a scanner, else a faulty proxy.',
  ),
  'http.unauthenticated': problem(
    'unauthenticated',
    'Sign in first',
    'Сначала войдите',
    'No session, or it has ended; for calls between roles: OPORA_INTERNAL_TOKEN differs.',
  ),
  'http.forbidden': problem(
    'forbidden',
    'Not allowed',
    'Действие запрещено',
    'The permission of the route in the API reference against the rights of the caller.',
  ),
  'http.not_found': problem(
    'not_found',
    'Not found',
    'Не найдено',
    'No such address. Things one may not read answer the same.',
  ),
  'http.method_not_allowed': problem(
    'invalid',
    'Wrong method',
    'Метод не поддерживается',
    'The `Allow` header lists what the address takes.',
    405,
  ),
  'http.request_timeout': problem(
    'invalid',
    'The request came too slowly',
    'Запрос передавался слишком долго',
    'The network of the caller; the limits are in the gateway.',
    408,
  ),
  'http.body_too_large': problem(
    'invalid',
    'The body is too large',
    'Тело запроса слишком велико',
    'Limits: 1 MB, webhooks 256 kB.',
    413,
  ),
  'http.address_too_long': problem(
    'invalid',
    'The address is too long',
    'Адрес слишком длинный',
    'Limit: 8 kB.',
    414,
  ),
  'http.unsupported_media_type': problem(
    'invalid',
    'Wrong content type',
    'Тип содержимого не поддерживается',
    'The API takes `application/json` only.',
    415,
  ),
  'http.headers_too_large': problem(
    'invalid',
    'Too many or too large headers',
    'Слишком много заголовков',
    'Limits: 16 kB, 100 headers. Often cookies piled up on one domain.',
    431,
  ),
  'http.deadline_exceeded': problem(
    'unavailable',
    'There was no time left',
    'Не хватило времени на ответ',
    'Which part was slow: metrics of the role and of its dependencies.',
  ),
  'http.internal': problem(
    'unavailable',
    'Our error',
    'Внутренняя ошибка',
    'The log line with the request id of `instance`: it is a bug.',
    500,
  ),
};

const platform = {
  'gateway.no_instance': problem(
    'unavailable',
    'The service is restarting',
    'Сервис перезапускается',
    '`GET /health` of the gateway diagnostics; `opora status`.',
  ),
  'gateway.upstream_failed': problem(
    'unavailable',
    'The service did not answer',
    'Сервис не ответил',
    'The log of the instance that the gateway names; whether it was killed meanwhile.',
    502,
  ),
  'gateway.upstream_timeout': problem(
    'unavailable',
    'The service did not answer in time',
    'Сервис не ответил вовремя',
    'The outcome is unknown: read before repeating. Then the latency of the instance.',
    504,
  ),
  'platform.dependency_open': problem(
    'unavailable',
    'A dependency is down',
    'Внешняя система недоступна',
    'Which breaker is open: metrics `breaker_state`; it closes by itself.',
  ),
  'platform.overloaded': problem(
    'unavailable',
    'Too much at once',
    'Слишком много запросов одновременно',
    'A bulkhead is full: the latency of the dependency it protects.',
  ),
  'platform.port_in_use': problem(
    'unavailable',
    'A port is taken',
    'Порт занят',
    'Another run or program has it: `OPORA_PORT_BASE` moves all ports.',
  ),
  'platform.token_refused': problem(
    'unauthenticated',
    'The session has ended',
    'Сессия завершена',
    'The reason is in the log: expired, another key set, another audience.',
  ),
  'platform.key_set_invalid': problem(
    'invalid',
    'JWT_KEYS cannot be read',
    'JWT_KEYS не читается',
    'A JSON array of Ed25519 JWKs with unique `kid`, newest first.',
  ),
  'monitor.service_unknown': problem(
    'not_found',
    'No such service',
    'Нет такого сервиса',
    'Names as `GET /system-health` lists them.',
  ),
  'monitor.supervisor_away': problem(
    'unavailable',
    'Nobody can restart services here',
    'Здесь некому перезапускать сервисы',
    'The supervisor of `opora up` listens on control.sock; elsewhere the host restarts.',
  ),
};

const payments = {
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
};

const provisioning = {
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

export const PROBLEMS = { ...http, ...platform, ...payments, ...provisioning } as const;

export type ProblemCode = keyof typeof PROBLEMS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

export function problemStatus(code: ProblemCode): number {
  const entry: Problem = PROBLEMS[code];
  return entry.status ?? KIND_STATUS[entry.kind];
}
