/** The breakers round everybody we depend on, as each process of ours has them, and the staff's switch. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { exampleAt, Instant, Text } from './shapes.ts';
import { BREAKER_STATES } from './today.ts';

export const FORCED_POSITIONS = ['open', 'closed'] as const;
/** Forgotten switches are outages of their own. */
export const FORCED_MINUTES_MAX = 1_440;
export const BREAKERS_MAX = 200;
const PROCESSES_MAX = 50;

export const BreakerWire = z.object({
  /** `yookassa`, `panel`, `mail`; `api-0`: an instance of ours, as the gateway judges it. */
  dependency: z.string().max(64),
  /** The worst word of any process. */
  state: z.enum(BREAKER_STATES),
  processes: z
    .array(
      z.object({ process: z.string().max(64), state: z.enum(BREAKER_STATES), changedAt: Instant }),
    )
    .max(PROCESSES_MAX),
  /** Held by staff: until when, by whom and why; null: it judges by itself. */
  forced: z
    .object({
      position: z.enum(FORCED_POSITIONS),
      until: Instant,
      by: z.string().max(200),
      reason: Text,
    })
    .nullable(),
});
export type BreakerWire = z.infer<typeof BreakerWire>;

export const breakers = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/breakers',
    permission: 'health:read',
    about: 'The breaker round each dependency, by process, and positions held by staff.',
    answer: z.object({ items: z.array(BreakerWire).max(BREAKERS_MAX) }),
    example: {
      answer: {
        items: [
          {
            ...{ dependency: 'panel', state: 'closed', forced: null },
            processes: [{ process: 'worker#0', state: 'closed', changedAt: exampleAt }],
          },
        ],
      },
    },
  }),
} as const;
