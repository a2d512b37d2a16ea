/** What each setting is about, in Russian; English is the sentence of the schema itself. */
import type { SettingWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';

const SECTIONS: Readonly<Record<string, string>> = {
  Platform: 'Платформа',
  Processes: 'Процессы',
  Database: 'База данных',
  Keys: 'Ключи',
  Alerts: 'Оповещения',
  Mail: 'Почта',
  Panel: 'Панель',
};

const ADDRESS = 'Другой базовый адрес.';
const NETWORKS =
  'Из каких сетей приходят уведомления; не задано: из опубликованного списка системы.';
const SIGNED = 'Из каких сетей приходят уведомления; не задано: из любых, решает подпись.';
const instances = (role: string) => `Сколько процессов роли ${role}.`;

const ABOUT: Readonly<Record<string, string>> = {
  OPORA_ENV: 'Какое это окружение; по нему выбирается файл .env.',
  OPORA_PRODUCT: 'Папка в products/, которая продаётся.',
  OPORA_HOME: 'Где лежит состояние местного запуска.',
  OPORA_PORT_BASE: 'Порт сайта; остальные порты отстоят от него на постоянный шаг.',
  OPORA_SIMULATORS:
    'Запускать сымитированный внешний мир. Выключено: нужны настоящие Telegram, платежи и панель.',
  OPORA_WEB: 'Запускать сайт вместе с opora up. Выключено: только серверная часть.',
  OPORA_PUBLIC_URL:
    'Где покупатели и уведомления находят шлюз; не задано: только эта машина, бот опрашивает сам.',
  OPORA_WEB_URL: 'Где покупатели открывают сайт; не задано: местный порт сайта.',
  OPORA_SITE_PASSWORD:
    'Закрывает сайт, как нужно для staging: браузер спросит имя opora и это слово. В production запрещено.',
  OPORA_LOG_LEVEL: 'С какого уровня писать в журнал; у роли может быть свой.',
  OPORA_STAFF_NETWORKS:
    'Сети, из которых работают сотрудники, через запятую; не задано: откуда угодно.',
  OPORA_GATEWAY_INSTANCES: 'Сколько шлюзов за вашим балансировщиком: каждый пропускает свою долю.',
  AUTH_ENABLE_CACHE:
    'Пока auth нет, действуют его последние решения. Выключено: решает только токен.',
  AUTH_CACHE_TIMEOUT_S: 'Сколько секунд решение действует; не больше четверти часа.',
  AUTH_ALLOW_OFFLINE_MODE:
    'Без решения токен открывает свои данные. Выключено: ничего не открывает.',
  AUTH_MAX_OFFLINE_TIME_S: 'Через сколько секунд без вестей от auth остаются только свои подписки.',
  OPORA_AUTH_INSTANCES: 'Сколько процессов роли auth; потерю одного из двух никто не заметит.',
  OPORA_API_INSTANCES: instances('api'),
  OPORA_BOT_INSTANCES: instances('bot'),
  OPORA_WORKER_INSTANCES: instances('worker'),
  OPORA_CORS_ORIGINS:
    'Чьи страницы читают ответы шлюза вместе с куками посетителей; *: любые, без кук. Своему сайту не нужно.',
  OPORA_OPEN_SOCKETS:
    'Слушающие сокеты, которые процесс получает готовыми: порт=дескриптор. Ставит opora up или systemd.',
  OPORA_TRUSTED_PROXIES: 'Сети прокси, чьему X-Forwarded-For верим, через запятую.',
  OPORA_PACE: 'Расписания опроса: drill сокращает их для учений.',
  OPORA_PLANTED_BUG:
    'Ошибка, которую учение подсаживает, чтобы её заметили; только с OPORA_PACE=drill.',
  DATABASE_URL:
    'PostgreSQL 15 или новее для роли приложения; не задано: запускается встроенный сервер.',
  DATABASE_OWNER_URL: 'Владелец схемы, только для миграций; не задано: DATABASE_URL.',
  DATABASE_CONNECTIONS_MAX: 'Сколько соединений открывают все процессы вместе.',
  REDIS_URL:
    'Redis 6 или новее, или Valkey: шлюзы считают там пределы вместе. Без него каждый считает свою долю.',
  JWT_KEYS: 'Ключи подписи, новейший первый; не задано: созданы в OPORA_HOME.',
  ENCRYPTION_KEYS:
    'Ключи закрытых столбцов и наших кук, новейший первый; не задано: созданы в OPORA_HOME.',
  SERVICE_KEYS:
    'Ключи, по которым роли узнают друг друга, новейший первый; читаются раз в десять секунд. Не задано: созданы в OPORA_HOME.',
  TELEGRAM_BOT_TOKEN: 'Токен от @BotFather.',
  TELEGRAM_OIDC_CLIENT_SECRET:
    'Секрет бота для входа на сайт через Telegram (BotFather: Bot Settings, Login Widget). Без него вход идёт через прежний виджет.',
  TELEGRAM_WEBHOOK_SECRET: 'Telegram возвращает его с каждым обновлением.',
  TELEGRAM_API_URL: 'Другой базовый адрес Bot API. Без OPORA_PUBLIC_URL бот опрашивает его сам.',
  TELEGRAM_CHAT_ID: 'Чат операторов; бот должен в нём быть. Туда приходят аварии.',
  OPORA_ALERT_MAIL: 'Почта сотрудников для оповещений, через запятую.',
  OPORA_ALERT_LANGUAGE: 'Язык оповещений.',
  OPORA_ALERT_HEARTBEAT_URL:
    'Адрес внешнего сторожа: вызывается раз в минуту, пока монитор здоров.',
  SMTP_URL: 'Куда сдаётся почта, с именем и паролем; не задано: сымитированный ящик или без почты.',
  MAIL_FROM: 'Адрес отправителя; нужен вместе с SMTP_URL.',
  MAIL_TEST_INBOX:
    'Вся почта идёт сюда, кому бы ни была. Нужно на staging, запрещено в production.',
  SENDGRID_WEBHOOK_KEY: 'Ключ проверки отчётов SendGrid; не задано: их адрес закрыт.',
  REMNAWAVE_URL: 'Базовый адрес панели, без /api.',
  REMNAWAVE_TOKEN: 'Токен API, созданный в панели.',
  REMNAWAVE_WEBHOOK_SECRET: 'WEBHOOK_SECRET_HEADER панели.',
  REMNAWAVE_HEADERS: 'Заголовки, которых ждёт прокси перед панелью, объектом JSON.',
  REMNAWAVE_COOKIE: 'Кука, которой ждёт прокси перед панелью.',
  REMNAWAVE_SQUADS: 'Внутренние группы панели для каждого покупателя; не задано: все.',
  YOOKASSA_SHOP_ID: 'shopId из кабинета.',
  YOOKASSA_SECRET_KEY: 'Секретный ключ магазина.',
  YOOKASSA_API_URL: ADDRESS,
  YOOKASSA_WEBHOOK_NETWORKS: NETWORKS,
  YOOKASSA_RECEIPTS: 'Отправлять с платежами чеки по 54-ФЗ.',
  YOOKASSA_VAT_CODE: 'Ставка НДС в чеках (1: без НДС).',
  YOOKASSA_TAX_SYSTEM: 'Система налогообложения в чеках.',
  YOOKASSA_RECEIPT_EMAIL: 'Куда идут чеки, если покупатель не оставил адреса.',
  TKASSA_TERMINAL_KEY: 'TerminalKey магазина; с DEMO в конце настоящих денег не берёт.',
  TKASSA_PASSWORD: 'Пароль терминала; им подписывают, его не отправляют.',
  TKASSA_API_URL: ADDRESS,
  TKASSA_WEBHOOK_NETWORKS:
    'Из каких сетей приходят уведомления, кроме подписи; не задано: из любых.',
  TKASSA_FFD: 'Формат фискальных документов кассы.',
  FREEKASSA_SHOP_ID: 'Номер магазина.',
  FREEKASSA_SECRET_1: 'Секретное слово 1: подписывает ссылки на оплату.',
  FREEKASSA_SECRET_2: 'Секретное слово 2: подписывает уведомления.',
  FREEKASSA_API_KEY: 'Ключ API: по нему читают заказы и возвращают деньги.',
  FREEKASSA_API_URL: 'Другой базовый адрес API; он уже переезжал.',
  FREEKASSA_PAY_URL: 'Другой адрес формы; он уже переезжал.',
  FREEKASSA_WEBHOOK_NETWORKS: NETWORKS,
  STRIPE_API_KEY: 'Секретный или ограниченный ключ счёта.',
  STRIPE_WEBHOOK_SECRET: 'Секрет подписи уведомлений; пока меняется, оба через запятую.',
  STRIPE_API_URL: ADDRESS,
  STRIPE_WEBHOOK_NETWORKS: SIGNED,
  STRIPE_CURRENCIES: 'Валюты, которые принимает счёт, через запятую.',
  PAYPAL_CLIENT_ID: 'Client id приложения REST.',
  PAYPAL_SECRET: 'Секрет приложения REST.',
  PAYPAL_WEBHOOK_ID: 'Номер webhook этого приложения: часть того, что подписывает PayPal.',
  PAYPAL_API_URL: 'Другой базовый адрес; настоящие деньги только на рабочем.',
  PAYPAL_WEBHOOK_NETWORKS: SIGNED,
  CRYPTOPAY_TOKEN: 'Токен приложения от @CryptoBot (Crypto Pay).',
  CRYPTOPAY_API_URL: 'Другой базовый адрес; в тестовой сети каждый счёт пробный.',
  TRIBUTE_API_KEY: 'Ключ API; им же подписаны уведомления.',
  TRIBUTE_API_URL: ADDRESS,
  TRIBUTE_SIGNATURE_ENCODING: 'Как записана подпись уведомления; в документах не сказано.',
  TRIBUTE_CANCEL_PATH:
    'Путь запроса, который прекращает списания, с {uuid} внутри; не задано: через Tribute не продлевают.',
};

/** The sentence about a setting; one that is not known here speaks English. */
export function settingAbout({ key, about }: SettingWire, language: Language): string {
  return language === 'ru' ? (ABOUT[key] ?? about) : about;
}

/** What a section is called; names of services are the same in both languages. */
export function settingSection(name: string, language: Language): string {
  return language === 'ru' ? (SECTIONS[name] ?? name) : name;
}
