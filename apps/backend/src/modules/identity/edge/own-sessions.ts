import { API } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Sessions } from '../index.ts';

/** `/api/v1/me/sessions`: where somebody is signed in. */
export function ownSessionRoutes({ sessions }: { sessions: Sessions }) {
  return (app: App): void => {
    serve(app, API.me.sessions, async ({ request }) => {
      const own = await sessions.ofPerson(request.personId);
      return {
        sessions: own.map(({ id, since, seenAt, userAgent, address }) => ({
          ...{ id, userAgent: userAgent ?? null, address },
          isCurrent: id === request.session.id,
          since: since.toISOString(),
          seenAt: seenAt.toISOString(),
        })),
      };
    });
    serve(app, API.me.endSession, async ({ request, params }) => {
      await sessions.end(request.personId, params.sessionId);
      return { removed: true as const };
    });
    serve(app, API.me.endOtherSessions, async ({ request }) => {
      await sessions.endOthers(request.personId, request.session.id);
      return { removed: true as const };
    });
  };
}
