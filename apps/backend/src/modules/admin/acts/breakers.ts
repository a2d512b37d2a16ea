import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, words, type Act, type Foreseen } from './act.ts';

const MINUTE_MS = 60_000;

/** Staff holds a breaker open or closed for a time, or gives it back to itself. */
export function breakerActs({ audit, clock, db, forced }: AdminParts): readonly Act[] {
  return [
    act({
      endpoints: API.acts.forceBreaker,
      preview: ({ dependency, position, minutes }) =>
        Promise.resolve(foresee(dependency, position, String(minutes))),
      perform: (order, { dependency, position, minutes }) =>
        db.transaction(async (tx) => {
          const acted = await audit.record(tx, {
            ...{ ...order, act: 'breakers.force' },
            subject: { kind: 'breaker', id: dependency },
            asked: { position, minutes: String(minutes) },
          });
          if (!acted.isFirst) return acted;
          const until = new Date(clock.now().getTime() + minutes * MINUTE_MS);
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

function foresee(dependency: string, position: string, minutes: string): Foreseen {
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
        ? consequence(
            'note',
            'Вызовов туда не будет: способ оплаты отдыхает, выдача ждёт; начатое не пропадёт',
            'No call goes there: a way to pay rests, deliveries wait; nothing begun is lost',
          )
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
