/** Where somebody is signed in, and how they end it. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { exampleAt, Id, Instant } from './shapes.ts';

/** The newest; older ones are ended together with "all others". */
export const OWN_SESSIONS_MAX = 50;

const exampleSession = 'ses_01k8eghb3lfjvrkvup5jrqrgft';

export const OwnSessionWire = z.object({
  id: Id,
  /** The one that asks. */
  isCurrent: z.boolean(),
  since: Instant,
  seenAt: Instant,
  /** What the browser called itself; null: it did not. */
  userAgent: z.string().max(200).nullable(),
  address: z.string().max(64),
});
export type OwnSessionWire = z.infer<typeof OwnSessionWire>;

export const ownSessions = {
  sessions: endpoint({
    method: 'GET',
    path: '/api/v1/me/sessions',
    permission: 'session',
    about: 'Where this person is signed in, the last used first.',
    answer: z.object({ sessions: z.array(OwnSessionWire).max(OWN_SESSIONS_MAX) }),
    example: {
      answer: {
        sessions: [
          {
            id: exampleSession,
            isCurrent: true,
            since: exampleAt,
            seenAt: exampleAt,
            userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
            address: '192.0.2.7',
          },
        ],
      },
    },
  }),
  endSession: endpoint({
    method: 'DELETE',
    path: '/api/v1/me/sessions/{sessionId}',
    permission: 'session',
    about: 'Ends one own session; everywhere within a second.',
    params: z.strictObject({ sessionId: Id }),
    answer: z.object({ removed: z.literal(true) }),
    example: { params: { sessionId: exampleSession }, answer: { removed: true } },
  }),
  endOtherSessions: endpoint({
    method: 'DELETE',
    path: '/api/v1/me/sessions',
    permission: 'session',
    about: 'Ends all own sessions but the one that asks.',
    answer: z.object({ removed: z.literal(true) }),
    example: { answer: { removed: true } },
  }),
} as const;
