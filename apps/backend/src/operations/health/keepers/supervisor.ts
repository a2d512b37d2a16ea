import { askSupervisor, watchSupervisor } from '../../control/index.ts';
import type { Keeper } from '../keeper.ts';

/** The supervisor of this `home`, over its control socket. */
export function createSupervisorKeeper(home: string): Keeper {
  return {
    watch: (onFacts, signal) =>
      watchSupervisor(
        home,
        ({ children }) => {
          onFacts(children);
        },
        signal,
      ),
    async greet() {
      await askSupervisor(home, { command: 'status' });
    },
    restart: (name) => askSupervisor(home, { command: 'restart', name }),
    replace: (name) => askSupervisor(home, { command: 'replace', name }),
  };
}
