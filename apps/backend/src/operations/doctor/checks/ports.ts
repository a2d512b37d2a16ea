import type { Config } from '../../../config/shape.ts';
import type { ControlAnswer } from '../../control/index.ts';
import { checkPorts, PortsTaken } from '../../local-platform/check-ports.ts';
import { rosterOf } from '../../local-platform/roster.ts';
import { good, PAGES, warning, wrong, type Check } from '../check.ts';

/** Held by our own platform when it runs, and free when it does not. */
export function checkOwnPorts(config: Config, running: ControlAnswer | undefined): Check {
  const { ports } = config;
  return {
    name: 'platform',
    async run() {
      if (running !== undefined) return judgeRunning(running);
      const instances = rosterOf(config).roles.map(({ port }) => port);
      const database = config.database.embedded ? [ports.postgres] : [];
      try {
        await checkPorts({ ...ports, postgres: 0 }, [...instances, ...database]);
      } catch (error) {
        if (!(error instanceof PortsTaken)) throw error;
        return wrong(error.message, {
          mend: 'another run of yours, with another OPORA_HOME? `ss -ltnp` shows who listens',
          page: PAGES.start,
        });
      }
      return good(`not running; its ports from ${String(ports.web)} are free`);
    },
  };
}

function judgeRunning({ ready, children }: ControlAnswer): ReturnType<typeof good> {
  const late = children.filter((child) => child.state !== 'ready');
  const [first] = late;
  if (first !== undefined) {
    const names = late.map(({ name, state }) => `${name} ${state.replace('_', ' ')}`).join(', ');
    const more = { mend: `\`npx opora logs ${first.role}\` says why`, page: PAGES.role };
    return late.some(({ state }) => state === 'given_up')
      ? wrong(`not ready: ${names}`, more)
      : warning(`not ready: ${names}`, more);
  }
  const held = `running, ${String(children.length)} processes hold their ports`;
  return good(ready ? held : `starting, ${held}`);
}
