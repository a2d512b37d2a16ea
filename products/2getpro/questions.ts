/** What people ask before they buy; the public page shows them in this order. */
export const questions = [
  {
    question: { ru: 'Как быстро всё заработает?', en: 'How soon does it work?' },
    answer: {
      ru: 'Обычно через минуту после оплаты: бот присылает ссылку, вы вставляете её в приложение и включаете.',
      en: 'Usually a minute after you pay: the bot sends a link, you paste it into the app and switch it on.',
    },
  },
  {
    question: { ru: 'На каких устройствах работает?', en: 'Which devices does it work on?' },
    answer: {
      ru: 'iPhone, iPad, Android, Windows и macOS. Одна подписка работает на 3 устройствах одновременно.',
      en: 'iPhone, iPad, Android, Windows and macOS. One subscription works on 3 devices at once.',
    },
  },
  {
    question: { ru: 'Подписка продлевается сама?', en: 'Does it renew itself?' },
    answer: {
      ru: 'Только если вы сами включили автопродление при оплате. Тогда мы предупреждаем за три дня и списываем за день до конца срока. Выключить его и убрать карту можно в любой момент. Без него карта не сохраняется и деньги без вас не спишутся.',
      en: 'Only if you switched that on yourself when you paid. Then we tell you three days ahead and charge a day before the term ends. You can switch it off and remove the card at any time. Without it your card is not kept and nothing is charged without you.',
    },
  },
  {
    question: { ru: 'Можно вернуть деньги?', en: 'Can I get a refund?' },
    answer: {
      ru: 'Да. Напишите в поддержку в течение 7 дней после оплаты, и мы вернём деньги тем же способом.',
      en: 'Yes. Write to support within 7 days of paying and we refund you the same way.',
    },
  },
  {
    question: {
      ru: 'Я оплатил, а ссылка не пришла',
      en: 'I paid and no link came',
    },
    answer: {
      ru: 'Платёж не потеряется. Если доступ готовится дольше минуты, бот скажет об этом и пришлёт ссылку сам.',
      en: 'The payment will not be lost. If preparing access takes longer than a minute, the bot says so and sends the link itself.',
    },
  },
];
