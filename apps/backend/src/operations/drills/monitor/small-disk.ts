/** A small disk of the drill's own, so that a full one can be had without filling that of the machine. */
import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const call = promisify(execFile);
const SIZE = '700m';
const UNMOUNT_TRIES = 3;
const CHUNK = Buffer.alloc(4 * 1024 * 1024);

export interface SmallDisk {
  readonly folder: string;
  /** Takes room until so much of it is free, percent. */
  fillTo(freePercent: number): Promise<void>;
  empty(): Promise<void>;
  end(): Promise<void>;
}

/** Undefined: this user may not mount one. */
export async function mountSmallDisk(): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'opora-disk-'));
  try {
    await call('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  const ballast = join(folder, 'ballast');
  let ended: Promise<void> | undefined;
  return {
    folder,
    async fillTo(freePercent) {
      const file = await open(ballast, 'a');
      try {
        for (;;) {
          const { bavail, blocks } = await statfs(folder);
          if ((100 * bavail) / blocks <= freePercent) return;
          await file.write(CHUNK);
        }
      } finally {
        await file.close();
      }
    },
    async empty() {
      await rm(ballast, { force: true });
    },
    end: () => (ended ??= unmount(folder)),
  };
}

/** Again when it was interrupted: a drill that is told to leave may take its children with it. */
async function unmount(folder: string): Promise<void> {
  for (let left = UNMOUNT_TRIES; left > 0; left -= 1) {
    const isDone = await call('umount', ['-l', folder]).then(
      () => true,
      () => false,
    );
    if (isDone) break;
  }
  await rm(folder, { recursive: true, force: true });
}
