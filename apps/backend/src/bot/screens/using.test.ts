/** Screens of what a person has, and of what the bot only says, in both languages. */
import { describe, expect, it } from 'vitest';
import { expectManners, labels } from '../testing/manners.ts';
import { describeScreens, link, until, type Screen } from '../testing/screens.ts';
import { product, speech } from '../testing/words.ts';
import { chooseDeviceView, guideView } from './connect.view.ts';
import { startView } from './home.view.ts';
import { bannedView, errorView, languageView, supportView, termsView } from './info.view.ts';
import {
  devicesUnavailableView,
  devicesView,
  expiredView,
  noSubscriptionView,
  subscriptionView,
} from './subscription.view.ts';

const guide = product.connect[1] ?? product.connect[0];
if (guide === undefined) throw new Error('the product has no guide');
const active = {
  until,
  daysLeft: 3,
  devicesLimit: 3,
  trafficLimitBytes: 0n,
  link,
  hasRenewals: false,
};

const screens: readonly Screen[] = [
  [
    'subscription',
    (l) =>
      subscriptionView(speech[l], {
        ...active,
        devicesUsed: 2,
        trafficUsedBytes: 15n * 1024n ** 3n,
      }),
    [
      `Подписка работает\nДо 24 декабря 2026, 14:00 МСК, осталось 3 дня.\nУстройства: 2 из 3\nТрафик: 15 ГБ, без ограничений\n\nВаша ссылка (нажмите, чтобы скопировать):\n${link}`,
      ['Подключить · Продлить', 'Устройства', 'Меню'],
    ],
    [
      `Your subscription works\nUntil 24 December 2026, 11:00 UTC, 3 days left.\nDevices: 2 of 3\nTraffic: 15 GB, unlimited\n\nYour link (tap to copy):\n${link}`,
      ['Connect · Extend', 'Devices', 'Menu'],
    ],
  ],
  [
    'subscription with a limit, devices not counted',
    (l) =>
      subscriptionView(speech[l], {
        ...active,
        devicesUsed: undefined,
        trafficUsedBytes: 1024n ** 3n / 2n,
        trafficLimitBytes: 100n * 1024n ** 3n,
      }),
    [
      `Подписка работает\nДо 24 декабря 2026, 14:00 МСК, осталось 3 дня.\nУстройства: до 3\nТрафик: 512 МБ из 100 ГБ\n\nВаша ссылка (нажмите, чтобы скопировать):\n${link}`,
      ['Подключить · Продлить', 'Устройства', 'Меню'],
    ],
    [
      `Your subscription works\nUntil 24 December 2026, 11:00 UTC, 3 days left.\nDevices: up to 3\nTraffic: 512 MB of 100 GB\n\nYour link (tap to copy):\n${link}`,
      ['Connect · Extend', 'Devices', 'Menu'],
    ],
  ],
  [
    'expired',
    (l) => expiredView(speech[l], until),
    [
      'Доступ закончился 24 декабря 2026, 14:00 МСК. Ссылка и устройства сохранены: после оплаты всё заработает само.',
      ['Вернуть доступ', 'Поддержка', 'Меню'],
    ],
    [
      'Your access ended on 24 December 2026, 11:00 UTC. Your link and devices are kept: pay, and all works again.',
      ['Restore access', 'Support', 'Menu'],
    ],
  ],
  [
    'no subscription',
    (l) => noSubscriptionView(speech[l]),
    [
      'Подписки пока нет. Выберите тариф, и через минуту пришлём ссылку.',
      ['Тарифы', 'Поддержка', 'Меню'],
    ],
    [
      'No subscription yet. Choose a plan, and your link arrives within a minute.',
      ['Plans', 'Support', 'Menu'],
    ],
  ],
  [
    'devices, all places taken',
    (l) =>
      devicesView(speech[l], { devices: [{ name: 'iPhone 15', key: 'a1b2c3d4e5f6' }], limit: 1 }),
    [
      'Занято устройств: 1 из 1. Уберите одно, чтобы добавить новое. Доступ на остальных не прервётся.\n• iPhone 15',
      ['Убрать iPhone 15', 'Меню'],
    ],
    [
      'Devices in use: 1 of 1. Remove one to add another. The others keep working.\n• iPhone 15',
      ['Remove iPhone 15', 'Menu'],
    ],
  ],
  [
    'no devices',
    (l) => devicesView(speech[l], { devices: [], limit: 3 }),
    ['Устройств пока нет. Можно подключить до 3.', ['Подключить', 'Меню']],
    ['No devices yet. You can connect up to 3.', ['Connect', 'Menu']],
  ],
  [
    'devices out of reach',
    (l) => devicesUnavailableView(speech[l]),
    [
      '⏳ Список устройств сейчас не загрузился. На доступ это не влияет, он работает как обычно.',
      ['Повторить', 'Меню'],
    ],
    [
      '⏳ The list of devices did not load just now. Your access is not affected, it works as usual.',
      ['Try again', 'Menu'],
    ],
  ],
  [
    'which device',
    (l) => chooseDeviceView(speech[l], product.connect),
    ['Что подключаем?', ['iPhone, iPad · Android', 'Windows · macOS', 'Меню']],
    ['What shall we connect?', ['iPhone, iPad · Android', 'Windows · macOS', 'Menu']],
  ],
  [
    'three steps',
    (l) => guideView(speech[l], { guide, link }),
    [
      `Подключение: Android\n1. Установите Happ.\n2. Нажмите «Добавить» или вставьте ссылку.\n3. Включите. Готово.\n${link}`,
      ['Установить · Добавить', 'Скопировать ссылку', 'Другое устройство', 'Меню'],
    ],
    [
      `Connect: Android\n1. Install Happ.\n2. Press Add or paste the link.\n3. Switch it on. Done.\n${link}`,
      ['Install · Add', 'Copy link', 'Other device', 'Menu'],
    ],
  ],
  [
    'language',
    (l) => languageView(speech[l]),
    ['На каком языке удобнее?', ['Русский · English', 'Меню']],
    ['Which language do you prefer?', ['Русский · English', 'Menu']],
  ],
  [
    'support',
    (l) => supportView(speech[l], product.supportUrl),
    [
      'Напишите нам, ответит человек. Если вопрос об оплате, назовите сумму и время: найдём платёж.\nВозврат оформляем там же.',
      ['Написать', 'Меню'],
    ],
    [
      'Write to us, a person will answer. If it is about a payment, tell the sum and the time: we will find it.\nRefunds are made there too.',
      ['Write to us', 'Menu'],
    ],
  ],
  [
    'terms',
    (l) => termsView(speech[l], product.terms),
    [`Условия\n${product.terms.ru}`, ['Поддержка', 'Меню']],
    [`Terms\n${product.terms.en}`, ['Support', 'Menu']],
  ],
  [
    'banned',
    (l) => bannedView(speech[l], product.supportUrl),
    ['Аккаунт закрыт. Если это ошибка, напишите нам, ответит человек.', ['Написать']],
    [
      'Your account was closed. If this is a mistake, write to us; a person will answer.',
      ['Write to us'],
    ],
  ],
  [
    'error',
    (l) => errorView(speech[l], 'req_1'),
    [
      '⚠️ Не получилось: открыть этот экран. Деньги и доступ не изменились.\nПовторите через минуту. Номер для поддержки: req_1',
      ['Поддержка', 'Меню'],
    ],
    [
      '⚠️ This did not work: opening this screen. Your money and access are unchanged.\nTry again in a minute. Number for support: req_1',
      ['Support', 'Menu'],
    ],
  ],
];

describeScreens(screens);

describe('what others write', () => {
  const hostile = '</b><a href="tg://x">Ольга & co</a>\u202E';

  it('is shown as text in a greeting', () => {
    const standing = { state: 'active', until, daysLeft: 3 } as const;
    const { html } = startView(speech.ru, { product, name: hostile, standing });
    expect(html).toContain('&lt;/b&gt;&lt;a href=&quot;tg://x&quot;&gt;Ольга &amp; co&lt;/a&gt;.');
    expect(html).not.toContain('\u202E');
  });

  it('neither breaks the list of devices nor outgrows a button', () => {
    const devices = Array.from({ length: 7 }, (_, at) => ({
      name: hostile + 'x'.repeat(60),
      key: `00000000000${String(at)}`,
    }));
    const view = devicesView(speech.ru, { devices, limit: 7 });
    expectManners(view);
    expect(view.html).not.toContain('<a');
    expect(view.rows).toHaveLength(5);
  });

  it('offers to copy a link only as long as Telegram takes, and to open it only on the web', () => {
    const long = guideView(speech.en, { guide, link: `https://x.example/${'a'.repeat(250)}` });
    expect(labels(long)).toEqual(['Install · Add', 'Other device', 'Menu']);
    const app = guideView(speech.en, { guide, link: 'happ://add/1' });
    expect(labels(app)[0]).toBe('Install');
  });
});
