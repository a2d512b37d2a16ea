/**
 * The drill that proves that new keys are seen by nobody (security I6): people read, renew and sign
 * in at a steady rate while both sets of keys are rotated.
 */
import { sourceOf } from '../../../config/load.ts';
import { askSupervisor } from '../../control/index.ts';
import { KEY_CLASSES, KEY_HOLDERS, keysIn, openKeyFiles, rotateKeys } from '../../keys/index.ts';
import { DrillRefused } from '../simulated-only.ts';
import { judgeKeys, type KeysOptions, type KeysReport } from './keys-report.ts';
import { playOnAuth, SETTLE_MS, type DrillDeps, type Stage } from './stage.ts';

/** Longest a rotation may take here; the load has links for so long. */
const ROTATION_MS = 120_000;

/** Throws `DrillRefused` when it cannot take place. */
export async function runKeys(options: KeysOptions, deps: DrillDeps): Promise<KeysReport> {
  const crowd = { ...options, instances: 2 };
  const lastsMs = options.rotations * ROTATION_MS;
  const settings = { OPORA_API_INSTANCES: '2' };
  const played = await playOnAuth({ crowd, lastsMs, settings }, deps, (stage) =>
    rotateInTurn(stage, options, deps),
  );
  return judgeKeys({ options, ...played, keysInUse: played.acted });
}

async function rotateInTurn(
  { platform }: Stage,
  options: KeysOptions,
  { clock, ids, say }: DrillDeps,
): Promise<string[]> {
  const { home } = platform.config;
  const files = openKeyFiles(home, (key) => sourceOf(key, { OPORA_HOME: home }));
  const inUse = async (): Promise<string> =>
    keysIn('signing', await files.read('signing'))[0]?.id ?? 'none';
  const seen = [await inUse()];
  await clock.sleep(SETTLE_MS);
  for (let done = 0; done < options.rotations; done += 1) {
    // The planted fault leaves out the round in which everybody learns the new key.
    let leftOut = options.atOnce ? KEY_HOLDERS.length : 0;
    await rotateKeys(
      {
        ...{ clock, ids, files, say },
        async restart(name) {
          leftOut -= 1;
          if (leftOut >= 0) return;
          const answer = await askSupervisor(home, { command: 'restart', name });
          if (!answer.ok) throw new DrillRefused(answer.problem ?? `${name} did not come back`);
        },
      },
      KEY_CLASSES,
    );
    seen.push(await inUse());
    await clock.sleep(SETTLE_MS);
  }
  return seen;
}
