/** Where the sets of keys are written down, as far as a program may change them. */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '@opora/kernel';
import { z } from 'zod';
import { changeLocalState, replaceFile } from '../local-state.ts';
import { type KeyClass, KEY_CLASSES, SETTING } from './key-set-text.ts';
import type { SettingSource } from '../../config/load.ts';

/** The keys are told by somebody else (a secret store, a unit file): it has to change them. */
export class KeysNotOurs extends DomainError {
  readonly code = 'keys.not_ours';
  readonly kind = 'conflict';
}

const HISTORY_FILE = 'key-history.json';

const historySchema = z.object({
  /** A new key that all roles know and none uses yet: a rotation that was cut off goes on with it. */
  prepared: z.partialRecord(z.enum(KEY_CLASSES), z.string()),
  /** When a key was followed by another, by id, ISO. */
  replacedAt: z.record(z.string(), z.string()),
});
export type KeyHistory = z.infer<typeof historySchema>;

export interface KeyFiles {
  read(kind: KeyClass): Promise<string>;
  /** Whole or not at all; throws `KeysNotOurs`. */
  write(kind: KeyClass, setting: string): Promise<void>;
  history(): Promise<KeyHistory>;
  keepHistory(history: KeyHistory): Promise<void>;
}

/** `sourceOf` says where a setting comes from now, its value included. */
export function openKeyFiles(
  home: string,
  sourceOf: (key: string) => SettingSource | undefined,
): KeyFiles {
  const historyFile = join(home, HISTORY_FILE);
  const sourceFor = (kind: KeyClass): SettingSource => {
    const source = sourceOf(SETTING[kind]);
    if (source === undefined) throw new KeysNotOurs(`${SETTING[kind]} is not set anywhere`);
    return source;
  };
  return {
    read: (kind) => Promise.resolve(sourceFor(kind).value),
    async write(kind, setting) {
      const source = sourceFor(kind);
      if (source.kind === 'local') return changeLocalState(home, { [SETTING[kind]]: setting });
      if (source.kind === 'file') {
        await stat(source.path);
        return replaceFile(source.path, `${setting}\n`);
      }
      throw new KeysNotOurs(byHand(kind, source.path));
    },
    async history() {
      const text = await readFile(historyFile, 'utf8').catch(() => undefined);
      return text === undefined
        ? { prepared: {}, replacedAt: {} }
        : historySchema.parse(JSON.parse(text));
    },
    keepHistory: (history) => replaceFile(historyFile, `${JSON.stringify(history)}\n`),
  };
}

function byHand(kind: KeyClass, path: string): string {
  const reseal = kind === 'encryption' ? ', then run `opora keys reseal`' : '';
  return (
    `${SETTING[kind]} comes from ${path}, which only you change: put a new key last and restart all roles; ` +
    `put it first and restart them again${reseal}. docs/operating/keys.md says why twice`
  );
}
