import { API } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Identity } from '../index.ts';

/** `PUT /api/v1/me/language`: in which language we write to the one who asks. */
export function languageRoutes(deps: { identity: Identity }) {
  return (app: App): void => {
    serve(app, API.me.setLanguage, async ({ request, body }) => {
      await deps.identity.setLanguage(request.personId, body.language);
      return { language: body.language };
    });
  };
}
