/** One small JSON file in OPORA_HOME, read whole at the start and written whole. */
import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import type { Log } from '../platform/log/index.ts';
import { replaceFile } from './local-state.ts';

/** `what` the file holds, as the log calls it. */
type About = Readonly<{ what: string; log: Log }>;

export type StateFile<T> = Readonly<{
  /** What stood there at the start; undefined: nothing that could be read. */
  read: T | undefined;
  /** Never rejects: a full disk is told in the log, and the next write tries again. */
  write(state: T): Promise<void>;
}>;

export async function openStateFile<T>(
  path: string,
  schema: z.ZodType<T>,
  { what, log }: About,
): Promise<StateFile<T>> {
  return {
    read: await readState(path, schema, { what, log }),
    async write(state) {
      await replaceFile(path, `${JSON.stringify(state)}\n`).catch((error: unknown) => {
        log.error({ error }, `${what} cannot be written down`);
      });
    },
  };
}

/** Undefined: nothing is there, or nothing that can be read, which is left for a person beside it. */
export async function readState<T>(
  path: string,
  schema: z.ZodType<T>,
  { what, log }: About,
): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  if (text === '') return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    log.error({ error }, `${what} was not readable; it begins anew`);
    await replaceFile(`${path}.unreadable`, text).catch(() => undefined);
    return undefined;
  }
}
