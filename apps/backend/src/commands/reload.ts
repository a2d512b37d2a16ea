import { currentHome } from '../operations/local-state.ts';
import { askSupervisor } from '../operations/control/index.ts';

export const help = `opora reload

  Reads the settings again while everything runs: starts or ends instances of auth, api, bot and worker,
  then the gateway takes over its table (instances, OPORA_CORS_ORIGINS). Wrong settings change nothing.
  Everything else is read by a role at its start: opora restart <role>, which nobody notices.`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const answer = await askSupervisor(currentHome(), { command: 'reload' });
  if (!answer.ok) {
    process.stderr.write(`opora: ${answer.problem ?? 'not reloaded'}\n`);
    return 1;
  }
  const counts = Map.groupBy(answer.children, ({ role }) => role);
  const words = [...counts].map(([role, { length }]) => `${role} ${String(length)}`);
  process.stdout.write(`reloaded: ${words.join(', ')}\n`);
  return 0;
}
