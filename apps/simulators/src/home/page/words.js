/** What the home page says. The texts of the simulators have a translation where one is known. */
export const WORDS = {
  en: {
    title: 'The outside world, simulated',
    lead: 'Everything the platform talks to, running on this machine. No real money moves and nothing leaves the computer.',
    faults: 'Faults',
    faultsLead:
      'Make a vendor misbehave and watch the platform hold. Each fault strikes by chance; the same seed strikes the same calls.',
    none: 'No faults are on: every vendor behaves.',
    off: 'Switch off',
    allOff: 'Switch all off',
    target: 'Vendor',
    kind: 'Fault',
    probability: 'Chance, %',
    seed: 'Seed',
    switchOn: 'Switch on',
    kinds: {
      timeout: [
        'No answer',
        'A call is held for 30 seconds, nothing happens at the vendor, the line is cut.',
      ],
      error: ['Error 500', 'The vendor answers 500 and does nothing.'],
      slow: ['Slow', 'The vendor does what was asked, 1 to 3 seconds late.'],
      'drop-answer': [
        'Answer lost',
        'The vendor does what was asked, but its answer never arrives. The hardest case: was the money taken?',
      ],
      duplicate: ['Notice twice', 'What the vendor sends to us arrives twice.'],
      reorder: [
        'Out of order',
        'A notice is held back for up to 3 seconds; later ones overtake it.',
      ],
      'drop-webhook': [
        'Notice lost',
        'A notice is never sent. Telegram is different: our answer is lost, so it sends the update again.',
      ],
    },
    about: {},
    links: {},
  },
  ru: {
    title: 'Внешний мир понарошку',
    lead: 'Всё, с чем говорит платформа, работает на этой машине. Настоящие деньги не движутся, наружу ничего не уходит.',
    faults: 'Сбои',
    faultsLead:
      'Заставьте внешнюю систему сбоить и посмотрите, как держится платформа. Каждый сбой случаен; одно и то же зерно даёт одни и те же сбои.',
    none: 'Сбои выключены: все системы ведут себя хорошо.',
    off: 'Выключить',
    allOff: 'Выключить все',
    target: 'Система',
    kind: 'Сбой',
    probability: 'Вероятность, %',
    seed: 'Зерно',
    switchOn: 'Включить',
    kinds: {
      timeout: [
        'Нет ответа',
        'Вызов держат 30 секунд, у системы ничего не происходит, связь обрывается.',
      ],
      error: ['Ошибка 500', 'Система отвечает 500 и ничего не делает.'],
      slow: ['Медленно', 'Система делает что просили, но на 1–3 секунды позже.'],
      'drop-answer': [
        'Ответ потерян',
        'Система сделала что просили, но ответ не дошёл. Самый трудный случай: списаны деньги или нет?',
      ],
      duplicate: ['Дважды', 'Уведомление от системы приходит два раза.'],
      reorder: [
        'Не по порядку',
        'Уведомление задерживается до 3 секунд, более поздние его обгоняют.',
      ],
      'drop-webhook': [
        'Уведомление потеряно',
        'Уведомление не отправляется вовсе. С Telegram иначе: теряется наш ответ, и обновление приходит снова.',
      ],
    },
    about: {
      telegram:
        'Bot API и страница чата: придуманные люди пишут боту, нажимают кнопки, блокируют его. Обновления идут вебхуком или через getUpdates, в порядке каждого чата.',
      yookassa: 'Карты и СБП в рублях: двухстадийные платежи, чеки, возвраты, сохранённые карты.',
      tkassa:
        'Карты и СБП в рублях по терминалу: подписанные уведомления, пока не услышит OK, и чеки.',
      freekassa:
        'Подписанная ссылка, несколько заказов на один номер, уведомления POST или GET, пока не услышит YES.',
      remnawave: 'Панель VPN: пользователи со сроком, трафиком и устройствами, ссылки подписок.',
      mail: 'Почтовый сервер и ящик за ним: здесь читается всё, что платформа отправляет. Отчёты о доставке и возвратах приходят с подписью, как у SendGrid.',
    },
    links: {
      Users: 'Пользователи',
      Chat: 'Чат',
      Checkout: 'Касса',
      Dashboard: 'Кабинет',
      Panel: 'Панель',
      Mailbox: 'Почтовый ящик',
    },
  },
};
