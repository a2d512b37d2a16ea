import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, words, type Act, type Foreseen } from './act.ts';

const MINUTE_MS = 60_000;
/** The database held open cannot be released: nobody could read of it. */
const DATABASE_MINUTES_MAX = 15;

/** Staff holds a breaker open or closed for a time, or gives it back to itself. */
export function breakerActs({ audit, clock, db, forced }: AdminParts): readonly Act[] {
  return [
    act({
      endpoints: API.acts.forceBreaker,
      preview: ({ dependency, position, minutes }) =>
        Promise.resolve(foresee(dependency, position, lasting(dependency, position, minutes))),
      perform: (order, { dependency, position, minutes }) =>
        db.transaction(async (tx) => {
          const acted = await audit.record(tx, {
            ...{ ...order, act: 'breakers.force' },
            subject: { kind: 'breaker', id: dependency },
            asked: { position, minutes: String(minutes) },
          });
          if (!acted.isFirst) return acted;
          const lasts = lasting(dependency, position, minutes);
          const until = new Date(clock.now().getTime() + lasts * MINUTE_MS);
          const held = position === 'released' ? undefined : { position, until, actId: acted.id };
          await forced.set(tx, dependency, held);
          return acted;
        }),
    }),
  ];
}

const WITHIN = consequence(
  'note',
  'Все процессы узнают в течение 5 секунд',
  'Every process knows within 5 seconds',
);

function lasting(dependency: string, position: string, minutes: number): number {
  const isCut = dependency === 'database' && position === 'open';
  return isCut ? Math.min(minutes, DATABASE_MINUTES_MAX) : minutes;
}

/** What being without it means, by what it is. */
function withoutIt(dependency: string) {
  if (/^alerts-\d+$/.test(dependency)) {
    return consequence(
      'note',
      'Тревоги по этому адресу не уйдут: читайте чат и эту страницу',
      'Alerts do not go to this address: read the chat and this page',
    );
  }
  if (/-\d+$/.test(dependency)) {
    return consequence(
      'note',
      'Вызовы идут остальным её роли; если других нет, всё равно ей',
      'Calls go to the others of its role; when there is none, to it all the same',
    );
  }
  switch (dependency) {
    case 'mail':
      return consequence(
        'note',
        'Писем нет: они ждут и уйдут, когда замкнём',
        'No mail goes: it waits and goes when this is closed',
      );
    case 'telegram':
      return consequence(
        'note',
        'Бот молчит, сообщения ждут и уйдут, когда замкнём; тревоги идут по почте',
        'The bot is silent, messages wait and go when this is closed; alerts go by mail',
      );
    case 'redis':
      return consequence(
        'note',
        'Шлюзы считают лимиты каждый по своей доле',
        'Gateways count limits each by its share',
      );
    case 'database':
      return consequence(
        'note',
        'Все роли живут без базы: чтение из копий, остальному 503. Отпустить раньше срока нельзя',
        'Every role does without the database: reads from copies, 503 to the rest. It cannot be released early',
      );
    default:
      return consequence(
        'note',
        'Вызовов туда не будет: способ оплаты отдыхает, выдача ждёт; начатое не пропадёт',
        'No call goes there: a way to pay rests, deliveries wait; nothing begun is lost',
      );
  }
}

function foresee(dependency: string, position: string, lasts: number): Foreseen {
  const minutes = String(lasts);
  if (position === 'released') {
    return {
      title: words(`Отпустить предохранитель ${dependency}?`, `Release the breaker ${dependency}?`),
      verb: words('Отпустить', 'Release'),
      consequences: [
        consequence('note', 'Дальше он судит сам, с чистого листа', 'It judges by itself, afresh'),
        WITHIN,
      ],
    };
  }
  const isOpen = position === 'open';
  return {
    title: words(
      `${isOpen ? 'Разомкнуть' : 'Замкнуть'} ${dependency} на ${minutes} мин?`,
      `Hold ${dependency} ${position} for ${minutes} min?`,
    ),
    verb: words(isOpen ? 'Разомкнуть' : 'Замкнуть', isOpen ? 'Hold open' : 'Hold closed'),
    consequences: [
      isOpen
        ? withoutIt(dependency)
        : consequence(
            'note',
            'Вызовы пойдут, даже если они не удаются: каждый будет ждать своего срока',
            'Calls go there even when they fail: each waits for its own deadline',
          ),
      consequence(
        'note',
        `Само закончится через ${minutes} мин`,
        `It ends by itself in ${minutes} min`,
      ),
      WITHIN,
    ],
    isDangerous: true,
  };
}
