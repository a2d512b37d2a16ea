/** Room where a path lies, or will lie: before the first start a folder is not there yet. */
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

export type DiskSpace = Readonly<{
  freeBytes: number;
  /** Of what a program may use: the room the system keeps for itself is not in it. */
  freeShare: number;
  /** The same for two paths on one disk. */
  device: number;
}>;

export async function diskSpaceAt(path: string): Promise<DiskSpace> {
  try {
    const [{ bavail, bfree, blocks, bsize }, { dev }] = await Promise.all([
      statfs(path),
      stat(path),
    ]);
    const usable = blocks - bfree + bavail;
    const freeShare = usable === 0 ? 1 : bavail / usable;
    return { freeBytes: bavail * bsize, freeShare, device: dev };
  } catch (error) {
    const parent = dirname(path);
    if (parent === path) throw error;
    return await diskSpaceAt(parent);
  }
}
