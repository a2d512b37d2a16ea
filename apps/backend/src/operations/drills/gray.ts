/** One instance that answers its check and fails or drags its work, as a sick machine does. */
import { INNER_PATHS } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { GRAY_FAULTS, type GrayFault, type PlantedBug } from '../../config/schema.ts';
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
  { instance, clock, chance }: { instance: number; clock: Clock; chance: () => number },
): void {
  if (!isGrayFault(fault)) return;
  // One sick instance among healthy ones; a feed is cut on all of them or not at all.
  if (instance !== 0 && fault !== 'cut-feed') return;
  let isGray = false;
  process.once(GRAY_FROM, () => (isGray = true));
  app.addHook('onRequest', async (request, reply) => {
    if (!isGray || request.url.startsWith('/health')) return;
    if (fault === 'cut-feed') {
      if (request.url === INNER_PATHS.revocations) await reply.code(503).send({});
    } else if (fault === 'gray-slow') await clock.sleep(SLOWER_MS);
    else if (chance() < FAILING_SHARE) await reply.code(500).send({});
  });
}

function isGrayFault(fault: PlantedBug | undefined): fault is GrayFault {
  return GRAY_FAULTS.some((known) => known === fault);
}
