import { exactly, problem } from './problem.ts';

/** What is wrong with us, our neighbours or the machine. */
export const platform = {
  'gateway.auth_away': problem(
    'unavailable',
    'Not possible for the moment: try again in a few minutes',
    'Сейчас это недоступно: попробуйте через несколько минут',
    '`authorization` in `GET /health` of the gateway diagnostics; `GET /lb-stats` of the balancer of auth.',
  ),
  'gateway.no_instance': problem(
    'unavailable',
    'The service is restarting',
    'Сервис перезапускается',
    '`GET /health` of the gateway diagnostics; `opora status`.',
  ),
  'gateway.upstream_failed': exactly(
    502,
    problem(
      'unavailable',
      'The service did not answer',
      'Сервис не ответил',
      'The log of the instance that the gateway names; whether it was killed meanwhile.',
    ),
  ),
  'gateway.upstream_timeout': exactly(
    504,
    problem(
      'unavailable',
      'The service did not answer in time',
      'Сервис не ответил вовремя',
      'The outcome is unknown: read before repeating. Then the latency of the instance.',
    ),
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
  'platform.sealing_keys_invalid': problem(
    'invalid',
    'ENCRYPTION_KEYS cannot be read',
    'ENCRYPTION_KEYS не читается',
    'Pairs `id:base64` of 32 bytes with unique ids, comma-separated, newest first.',
  ),
  'platform.seal_broken': problem(
    'unavailable',
    'A stored secret cannot be opened',
    'Сохранённый секрет не открывается',
    'Its key was taken out of ENCRYPTION_KEYS too early, or the row was changed by hand.',
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
  'platform.database_unavailable': problem(
    'unavailable',
    'The database does not answer',
    'База данных не отвечает',
    'The database role and its log; free connections against DATABASE_CONNECTIONS_MAX.',
  ),
  'platform.batch_full': problem(
    'unavailable',
    'Too much at once',
    'Слишком много запросов одновременно',
    'A batch of writes is full: the latency of the database.',
  ),
  'platform.network_failed': problem(
    'unavailable',
    'A connection failed',
    'Сбой соединения',
    'The cause in the log: name, route, TLS.',
  ),
  'platform.network_invalid': problem(
    'invalid',
    'Not a network',
    'Это не сеть',
    'OPORA_TRUSTED_PROXIES or a list of webhook networks: `192.0.2.0/24`, `2001:db8::/32`.',
  ),
  'platform.ports_taken': problem(
    'conflict',
    'Ports are taken',
    'Порты заняты',
    'Another run or program has them: `OPORA_PORT_BASE` moves all ports.',
  ),
  'postgres.refused': problem(
    'unavailable',
    'PostgreSQL does not start',
    'PostgreSQL не запускается',
    'The log of the database role.',
  ),
  'local.home_unusable': problem(
    'unavailable',
    'The folder of state cannot be used',
    'Папка состояния недоступна',
    'OPORA_HOME: its owner, its rights, free space.',
  ),
  'supervisor.already_running': problem(
    'conflict',
    'The platform already runs here',
    'Платформа здесь уже запущена',
    '`opora status`; another OPORA_HOME and OPORA_PORT_BASE start a second one.',
  ),
  'supervisor.not_running': problem(
    'unavailable',
    'Nothing runs here',
    'Здесь ничего не запущено',
    'OPORA_HOME; then `npm start`.',
  ),
  'telegram.unavailable': problem(
    'unavailable',
    'Telegram does not answer',
    'Telegram не отвечает',
    'Whether api.telegram.org is reachable from here; sent later.',
  ),
  'telegram.refused': problem(
    'conflict',
    'Telegram refused',
    'Telegram отказал',
    'Its words in the log: blocked by the person, wrong chat, wrong markup.',
  ),
  'mail.unavailable': problem(
    'unavailable',
    'The mail server does not take mail now',
    'Почтовый сервер сейчас не принимает письма',
    'Its words in the log: SMTP_URL, MAIL_FROM (is the sender confirmed there?), its limits.',
  ),
  'bot.chat_moved': problem(
    'unavailable',
    'Another message of this chat came first',
    'Раньше пришло другое сообщение этого чата',
    'Nothing: the update is handled again by itself.',
  ),
  'drill.refused': problem(
    'unavailable',
    'The drill cannot run here',
    'Учение здесь не проводится',
    'Drills run on a platform of their own: the message says what is missing.',
  ),
  'drill.world_failed': problem(
    'unavailable',
    'The simulated world failed',
    'Сбой имитируемого мира',
    'The log of the simulators.',
  ),
};
