import { problem } from './problem.ts';

/** Refusals of signing in, of sessions and of the staff's own rights. */
export const identity = {
  'identity.person_not_found': problem(
    'not_found',
    'No such person',
    'Человек не найден',
    'The id, and whether the person was erased.',
  ),
  'identity.person_banned': problem(
    'forbidden',
    'Access is closed',
    'Доступ закрыт',
    'Who closed it and why: the audit log of the person.',
  ),
  'identity.person_is_staff': problem(
    'conflict',
    'This person is staff',
    'Этот человек — сотрудник',
    'End the access of the member of staff first, then ban the person.',
  ),
  'identity.login_link_invalid': problem(
    'unauthenticated',
    'This link no longer works',
    'Ссылка больше не действует',
    'Links work once, for ten minutes: ask the bot for a new one.',
  ),
  'identity.session_ended': problem(
    'unauthenticated',
    'The session has ended',
    'Сессия завершена',
    'Expired, idle, signed out, or its token was used twice: sign in again.',
  ),
  'identity.sign_in_refused': problem(
    'unauthenticated',
    'E-mail or password is wrong',
    'Неверная почта или пароль',
    'Unknown, disabled and wrong answer the same on purpose: the audit log tells them apart.',
  ),
  'identity.staff_address_refused': problem(
    'forbidden',
    'Staff cannot work from this network',
    'Из этой сети сотрудники работать не могут',
    '`OPORA_STAFF_NETWORKS` against the address in the log; behind a proxy also `OPORA_TRUSTED_PROXIES`.',
  ),
  'identity.session_not_found': problem(
    'not_found',
    'This sign-in has ended already',
    'Этот вход уже завершён',
    'Nothing: the list of sessions was older than the session.',
  ),
  'identity.challenge_invalid': problem(
    'unauthenticated',
    'This sign-in has expired: begin again',
    'Вход устарел: начните сначала',
    'A step lives five minutes and takes five tries; it was used, or is older than that.',
  ),
  'identity.code_refused': problem(
    'unauthenticated',
    'The code is wrong',
    'Неверный код',
    'The clock of the telephone and of this host; a code counts once.',
  ),
  'identity.too_many_tries': problem(
    'rate_limited',
    'Too many tries: wait a moment',
    'Слишком много попыток: подождите немного',
    '`Retry-After` says how long. Somebody guesses: the audit log names the addresses.',
  ),
  'identity.step_up_required': problem(
    'unauthenticated',
    'Confirm with a code of the authenticator',
    'Подтвердите кодом из приложения',
    'Acts that move money or rights want a second factor younger than five minutes.',
  ),
  'identity.csrf_refused': problem(
    'forbidden',
    'The request does not belong to this session',
    'Запрос не относится к этой сессии',
    'The `X-CSRF-Token` of `GET /auth/session`, sent back with every unsafe call.',
  ),
  'identity.password_weak': problem(
    'invalid',
    'Choose another password',
    'Выберите другой пароль',
    '`reason`: too_short (8), too_long (256), simple, common (a list of leaked ones), personal.',
  ),
  'identity.email_invalid': problem(
    'invalid',
    'This is not an e-mail address we can use',
    'Этот адрес почты не подходит',
    'Letters outside ASCII before the @ are refused: they imitate other letters.',
  ),
  'identity.owner_code_invalid': problem(
    'unauthenticated',
    'This code no longer works',
    'Код больше не действует',
    'A code works once, for 24 hours: `opora owner-code` on the server makes a new one.',
  ),
  'identity.invitation_invalid': problem(
    'not_found',
    'This invitation no longer works',
    'Приглашение больше не действует',
    'Invitations work once, for 72 hours; a newer one to the same address voids the older.',
  ),
  'identity.staff_not_found': problem(
    'not_found',
    'No such member of staff',
    'Сотрудник не найден',
    'The id in the list of staff.',
  ),
  'identity.already_staff': problem(
    'conflict',
    'This address belongs to staff already',
    'Этот адрес уже у сотрудника',
    'The list of staff: change the role instead.',
  ),
  'identity.own_rights': problem(
    'forbidden',
    'Nobody changes their own rights',
    'Свои права менять нельзя',
    'Another owner has to do it.',
  ),
  'identity.last_owner': problem(
    'conflict',
    'The last owner stays',
    'Последний владелец остаётся',
    'Make somebody else an owner first.',
  ),
};
