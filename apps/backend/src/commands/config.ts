import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  EXAMPLE_FILE,
  exampleFile,
  REFERENCE_FILE,
  referencePage,
  settingsInForce,
} from '../config/describe.ts';
import { readEnvironment, rootFolder } from '../config/load.ts';

export const help = `opora config [--write]

  Prints the settings in force; secrets only say whether they are set.
  --write   makes ${EXAMPLE_FILE} and ${REFERENCE_FILE} anew from the schema`;

export function run(args: readonly string[]): Promise<number> {
  if (args.includes('--write')) {
    write(EXAMPLE_FILE, exampleFile());
    write(REFERENCE_FILE, referencePage());
  } else {
    process.stdout.write(`${settingsInForce(readEnvironment())}\n`);
  }
  return Promise.resolve(0);
}

function write(file: string, text: string): void {
  const path = join(rootFolder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stdout.write(`written: ${file}\n`);
}
