/** Every role restarted again and again, as `opora restart <role>` does it. */
import type { OwnPlatform } from '../own-platform.ts';
import { askSupervisor } from '../../control/index.ts';

/** Two at a time: the door and what is behind it change while the other does. */
const LANES = [
  ['gateway', 'bot', 'monitor', 'web'],
  ['auth', 'api', 'worker'],
] as const;

export type Restarts = Readonly<{
  /** By instance, those that were on purpose and those that were not. */
  restarts: Readonly<Record<string, number>>;
  problems: readonly string[];
}>;

export async function restartAll(
  platform: OwnPlatform,
  { rounds, say, stopping }: { rounds: number; say: (line: string) => void; stopping: AbortSignal },
): Promise<Restarts> {
  const { children } = await platform.status();
  const there = new Set(children.map(({ role }) => role));
  const problems: string[] = [];
  const lane = async (roles: readonly string[]): Promise<void> => {
    for (let round = 1; round <= rounds; round += 1) {
      for (const role of roles.filter((each) => there.has(each))) {
        if (stopping.aborted) return;
        const answer = await askSupervisor(platform.config.home, {
          command: 'restart',
          name: role,
        });
        if (!answer.ok) problems.push(`${role} in round ${String(round)}: ${answer.problem ?? ''}`);
        say(`round ${String(round)}/${String(rounds)}: ${role}`);
      }
    }
  };
  await Promise.all(LANES.map(lane));
  const restarted = new Set<string>(LANES.flat());
  const after = (await platform.status()).children.filter(({ role }) => restarted.has(role));
  return {
    restarts: Object.fromEntries(after.map(({ name, restarts }) => [name, restarts])),
    problems,
  };
}
