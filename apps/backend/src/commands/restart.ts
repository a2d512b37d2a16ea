import { currentHome } from '../operations/local-state.ts';
import { askSupervisor } from '../operations/control/index.ts';

export const help = `opora restart <role>[#instance]

  Restarts a role gracefully, one instance after the other, and waits until it is ready again.
  Also starts a role that the supervisor had given up.`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const answer = await askSupervisor(currentHome(), { command: 'restart', name });
  if (!answer.ok) {
    process.stderr.write(`opora: ${answer.problem ?? 'not restarted'}\n`);
    return 1;
  }
  process.stdout.write(`restarted ${name}\n`);
  return 0;
}
