import { renewalOffView, renewalOnView, noMethodView } from './renewal.view.ts';
import { describeScreens, price, until } from '../testing/screens.ts';
import { speech } from '../testing/words.ts';

const kept = { methodId: `mth_${'0'.repeat(26)}`, method: '•• 4477' };
const wallet = { ...kept, method: 'PayPal b•••@personal.example.com' };
const offer = { versionId: `plv_${'0'.repeat(26)}`, price };

describeScreens([
  [
    'renewal that is on',
    (l) => renewalOnView(speech[l], { ...kept, price, chargedAt: until }),
    [
      'Автопродление включено\n199 ₽ спишем 24 декабря 2026, 14:00 МСК, •• 4477. Предупредим за три дня.\nЕсли цена изменится, без вашего согласия не спишем.',
      ['Выключить', 'Убрать •• 4477', 'Меню'],
    ],
    [
      'Automatic renewal is on\nWe charge ₽199 on 24 December 2026, 11:00 UTC, •• 4477, and tell you three days ahead.\nIf the price changes we do not charge without your consent.',
      ['Switch off', 'Remove •• 4477', 'Menu'],
    ],
  ],
  [
    'renewal that is off, with a method of a long name',
    (l) => renewalOffView(speech[l], { ...wallet, offer }),
    [
      'Автопродление выключено\nСохранено: PayPal b•••@personal.example.com. Без вашего согласия ничего не спишем.\nЕсли включить: 199 ₽ за день до конца срока, предупредим за три дня.',
      ['Включить', 'Убрать PayPal b•••@personal…', 'Меню'],
    ],
    [
      'Automatic renewal is off\nKept: PayPal b•••@personal.example.com. Nothing is charged without your consent.\nIf you switch it on: ₽199 a day before the term ends, and we tell you three days ahead.',
      ['Switch on', 'Remove PayPal b•••@personal…', 'Menu'],
    ],
  ],
  [
    'renewal of a plan that is not sold any more: the method can be removed all the same',
    (l) => renewalOffView(speech[l], { ...kept, offer: undefined }),
    [
      'Сейчас тарифы не продаются. Действующие подписки работают как обычно.',
      ['Убрать •• 4477', 'Меню'],
    ],
    ['No plans are on sale now. Current subscriptions work as usual.', ['Remove •• 4477', 'Menu']],
  ],
  [
    'renewal without a method',
    (l) => noMethodView(speech[l]),
    [
      'Автопродление выключено\nСпособ оплаты не сохранён. Чтобы включить, продлите подписку и отметьте «Продлевать автоматически».',
      ['Продлить', 'Меню'],
    ],
    [
      'Automatic renewal is off\nNo way to pay is kept. To switch it on, extend your subscription and tick “Renew automatically”.',
      ['Extend', 'Menu'],
    ],
  ],
]);
