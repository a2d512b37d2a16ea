/** How many days the certificate of the public address still lasts. */
import type { Clock } from '@opora/kernel';
import { isThisMachine, readCertificate, resolveByName, type Outside } from '../../certificate.ts';
import type { Source } from './figure.ts';

const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 6 * 60 * 60_000;
/** Nobody answered, which is another matter: looked at again sooner. */
const AGAIN_AFTER_MS = 10 * 60_000;

/** Undefined when there is no certificate to look at. */
export function watchCertificate(deps: {
  publicUrl: string | undefined;
  clock: Clock;
  outside?: Outside;
}): Source | undefined {
  const { clock, outside = { resolve: resolveByName } } = deps;
  if (deps.publicUrl === undefined) return undefined;
  const url = new URL(deps.publicUrl);
  if (url.protocol !== 'https:' || isThisMachine(url)) return undefined;
  let validTo: Date | undefined;
  let dueMs = -Infinity;

  async function look(): Promise<void> {
    const found = await readCertificate(url, await outside.resolve(url.hostname), outside);
    if (typeof found === 'string') return;
    // One that does not hold is as good as ended.
    validTo = found.problem === undefined ? found.validTo : new Date(0);
    dueMs = clock.monotonicMs() + LOOK_EVERY_MS;
  }

  return {
    depth: 'readiness',
    read() {
      const nowMs = clock.monotonicMs();
      if (nowMs >= dueMs) {
        dueMs = nowMs + AGAIN_AFTER_MS;
        // Its answer is for the next reading: a handshake may take longer than a reading may.
        void look().catch(() => undefined);
      }
      const left = validTo === undefined ? undefined : validTo.getTime() - clock.now().getTime();
      const value = left === undefined ? undefined : Math.max(0, Math.floor(left / DAY_MS));
      return Promise.resolve([{ watch: 'certificate', name: url.host, value }]);
    },
  };
}
