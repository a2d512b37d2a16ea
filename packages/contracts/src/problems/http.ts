import { exactly, problem } from './problem.ts';

/** What is wrong with a request, whatever it asks for. */
export const http = {
  'http.too_many_streams': problem(
    'unavailable',
    'Too many live pages are open',
    'Открыто слишком много живых страниц',
    'Close other tabs; the page works without it and asks again by itself.',
  ),
  'http.invalid_request': problem(
    'invalid',
    'The request is not valid',
    'Запрос составлен неверно',
    '`errors` names each field by a JSON pointer and says what is wrong with it.',
  ),
  'http.cursor_invalid': problem(
    'invalid',
    'This page of the list does not exist',
    'Такой страницы списка нет',
    'The address: `after` and `before` are given back as they came, never made by hand.',
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
  'http.idempotency_key_missing': problem(
    'invalid',
    'The Idempotency-Key header is missing',
    'Нет заголовка Idempotency-Key',
    'The caller: one key per intended effect, 8 to 128 of A-Z a-z 0-9 _ -, the same for a repeat.',
  ),
  'http.unauthenticated': problem(
    'unauthenticated',
    'Sign in first',
    'Сначала войдите',
    'No session, or it has ended; for calls between roles: SERVICE_KEYS differ, or the clocks do.',
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
  'http.method_not_allowed': exactly(
    405,
    problem(
      'invalid',
      'Wrong method',
      'Метод не поддерживается',
      'The `Allow` header lists what the address takes.',
    ),
  ),
  'http.request_timeout': exactly(
    408,
    problem(
      'invalid',
      'The request came too slowly',
      'Запрос передавался слишком долго',
      'The network of the caller; the limits are in the gateway.',
    ),
  ),
  'http.body_too_large': exactly(
    413,
    problem(
      'invalid',
      'The body is too large',
      'Тело запроса слишком велико',
      'Limits: 1 MB, webhooks 256 kB.',
    ),
  ),
  'http.address_too_long': exactly(
    414,
    problem('invalid', 'The address is too long', 'Адрес слишком длинный', 'Limit: 8 kB.'),
  ),
  'http.unsupported_media_type': exactly(
    415,
    problem(
      'invalid',
      'Wrong content type',
      'Тип содержимого не поддерживается',
      'The API takes `application/json` only.',
    ),
  ),
  'http.headers_too_large': exactly(
    431,
    problem(
      'invalid',
      'Too many or too large headers',
      'Слишком много заголовков',
      'Limits: 16 kB, 100 headers. Often cookies piled up on one domain.',
    ),
  ),
  'http.deadline_exceeded': problem(
    'unavailable',
    'There was no time left',
    'Не хватило времени на ответ',
    'Which part was slow: metrics of the role and of its dependencies.',
  ),
  'http.internal': exactly(
    500,
    problem(
      'unavailable',
      'Our error',
      'Внутренняя ошибка',
      'The log line with the request id of `instance`: it is a bug.',
    ),
  ),
};
