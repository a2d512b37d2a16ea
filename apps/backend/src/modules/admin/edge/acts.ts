import {
  STEP_UP_PERMISSIONS,
  isStaffPermission,
  type ActDone,
  type ActPreview,
} from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Act } from '../acts/act.ts';

/** For each act: what it would change, and the act itself. */
export function actRoutes(acts: readonly Act[]) {
  return (app: App): void => {
    for (const each of acts) {
      const { preview, perform } = each.endpoints;
      const { permission } = perform;
      const needsStepUp = isStaffPermission(permission) && STEP_UP_PERMISSIONS.has(permission);
      serve(app, preview, async ({ body }): Promise<ActPreview> => {
        const foreseen = await each.preview(body);
        const { title, verb, consequences, isDangerous = false } = foreseen;
        return { title, verb, consequences, needsStepUp, isDangerous };
      });
      serve(app, perform, async ({ body, key, request }): Promise<ActDone> => {
        const { reason, ...wish } = body as { reason: string }; // the table adds it to every act
        const order = { actor: request.staff.actor, reason, key };
        const { id, isFirst, note } = await each.perform(order, wish);
        return { auditId: id, isFirst, note: note ?? null };
      });
    }
  };
}
