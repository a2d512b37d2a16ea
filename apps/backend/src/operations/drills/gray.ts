/** One instance that answers its check and fails or drags its work, as a sick machine does. */
import type { Clock } from '@opora/kernel';
import type { PlantedBug } from '../../config/schema.ts';
import type { App } from '../../platform/http/index.ts';

/** A failure in so many of ten calls, or so much later, milliseconds. */
const FAILING_SHARE = 0.3;
const SLOWER_MS = 800;

/** A planted fault begins with this signal: people sign in before it. */
export const GRAY_FROM = 'SIGUSR2';

/** Nothing happens unless a gray fault is planted; call before the instance listens. */
export function turnGray(
  app: App,
  fault: PlantedBug | undefined,
  { clock, chance }: { clock: Clock; chance: () => number },
): void {
  if (fault !== 'gray-errors' && fault !== 'gray-slow') return;
  let isGray = false;
  process.once(GRAY_FROM, () => (isGray = true));
  app.addHook('onRequest', async (request, reply) => {
    if (!isGray || request.url.startsWith('/health')) return;
    if (fault === 'gray-slow') await clock.sleep(SLOWER_MS);
    else if (chance() < FAILING_SHARE) await reply.code(500).send({});
  });
}
