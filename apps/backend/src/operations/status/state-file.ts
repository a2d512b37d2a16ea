/** One small JSON file in OPORA_HOME, read whole at the start and written whole. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Log } from '../../platform/log/index.ts';
import { replaceFile } from '../local-state.ts';

export type StateFile<T> = Readonly<{
  /** What stood there at the start; undefined: nothing that could be read. */
  read: T | undefined;
  /** Never rejects: a full disk is told in the log, and the next write tries again. */
  write(state: T): Promise<void>;
}>;

/** A file that cannot be read is left for a person beside the new one. */
export async function openStateFile<T>(
  path: string,
  schema: z.ZodType<T>,
  log: Log,
): Promise<StateFile<T>> {
  return {
    read: await read(path, schema, log),
    async write(state) {
      await replaceFile(path, `${JSON.stringify(state)}\n`).catch((error: unknown) => {
        log.error({ error }, 'the public status cannot be written down');
      });
    },
  };
}

async function read<T>(path: string, schema: z.ZodType<T>, log: Log): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    log.error({ error }, 'the public status was not readable; it begins anew');
    await replaceFile(`${path}.unreadable`, text).catch(() => undefined);
    return undefined;
  }
}
