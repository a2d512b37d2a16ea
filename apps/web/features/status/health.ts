/** What customers are told of the platform's health: five parts in plain words, never its insides. */
import { z } from 'zod';

export const PARTS = ['buying', 'access', 'bot', 'cabinet', 'payments'] as const;
export type PartName = (typeof PARTS)[number];
/** `unknown`: nobody has looked yet, which is not the same as broken. */
export type PartState = 'works' | 'partly' | 'down' | 'unknown';

export type Health = Readonly<{ asOf: Date; parts: Readonly<Record<PartName, PartState>> }>;

/** The roles a part stands on; it works when each of them has an instance that does. */
const STANDS_ON: Readonly<Record<PartName, readonly string[]>> = {
  buying: ['gateway', 'api', 'postgres'],
  access: ['worker', 'postgres'],
  bot: ['bot', 'gateway', 'postgres'],
  cabinet: ['gateway', 'api', 'postgres'],
  payments: ['gateway', 'api', 'worker', 'postgres'],
};

const Answer = z.looseObject({
  at: z.iso.datetime(),
  services: z.array(z.looseObject({ role: z.string(), state: z.string() })).max(200),
});

type Service = Readonly<{ role: string; state: string }>;

/** Reads the monitor's report; throws on anything that is none. */
export function parseHealth(body: unknown): Health {
  const { at, services } = Answer.parse(body);
  const part = (name: PartName): PartState => stateOf(services, STANDS_ON[name]);
  return {
    asOf: new Date(at),
    parts: {
      buying: part('buying'),
      access: part('access'),
      bot: part('bot'),
      cabinet: part('cabinet'),
      payments: part('payments'),
    },
  };
}

/** As bad as the worst role, because all of them are needed. */
function stateOf(services: readonly Service[], roles: readonly string[]): PartState {
  const states = roles.map((role) => roleState(services.filter((each) => each.role === role)));
  const worst = (['down', 'unknown', 'partly'] as const).find((state) => states.includes(state));
  return worst ?? 'works';
}

function roleState(instances: readonly Service[]): PartState {
  const serving = instances.filter(({ state }) => state === 'up' || state === 'degraded');
  if (serving.length === 0) {
    return instances.every(({ state }) => state === 'unknown') ? 'unknown' : 'down';
  }
  const isWhole = instances.every(({ state }) => state === 'up');
  return isWhole ? 'works' : 'partly';
}

export function overallOf(parts: Health['parts']): PartState {
  const states = Object.values(parts);
  return (['down', 'partly', 'unknown'] as const).find((one) => states.includes(one)) ?? 'works';
}
