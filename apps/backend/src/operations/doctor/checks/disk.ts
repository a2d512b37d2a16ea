import { diskSpaceAt } from '../../disk-space.ts';
import { good, PAGES, warning, wrong, type Check, type Finding } from '../check.ts';

const MIB = 1024 * 1024;
/** Logs of all roles and a day of a small shop; below it PostgreSQL is about to stop. */
const WRONG_BELOW = 200 * MIB;
const WARNING_BELOW = 1024 * MIB;
const SAME_DISK = 64 * MIB;

/** Free bytes where `path` lies, or will lie. */
export type FreeSpace = (path: string) => Promise<number>;

/** The state folder, and the database's folder when it is on this machine and may be known. */
export function checkDisk(
  home: string,
  databaseFolder: () => Promise<string | undefined>,
  freeAt: FreeSpace = freeSpace,
): Check {
  return {
    name: 'disk',
    async run() {
      const [atHome, folder] = [await freeAt(home), await databaseFolder()];
      const atDatabase = folder === undefined ? atHome : await freeAt(folder);
      // On one disk both figures are the same but for what was written meanwhile.
      const isElsewhere = folder !== undefined && Math.abs(atHome - atDatabase) > SAME_DISK;
      return isElsewhere && atDatabase < atHome ? judge(folder, atDatabase) : judge(home, atHome);
    },
  };
}

function judge(path: string, free: number): Finding {
  const says = `${inWords(free)} free at ${path}`;
  const more = {
    mend: 'free some space there (logs/ may be emptied), or move the folder to a larger disk',
    page: PAGES.disk,
  };
  if (free < WRONG_BELOW) return wrong(says, more);
  return free < WARNING_BELOW ? warning(says, more) : good(says);
}

async function freeSpace(path: string): Promise<number> {
  return (await diskSpaceAt(path)).freeBytes;
}

function inWords(bytes: number): string {
  const mib = Math.floor(bytes / MIB);
  return mib < 1024 ? `${String(mib)} MB` : `${(mib / 1024).toFixed(1)} GB`;
}
