/** The commented example file and the reference page: both are made from the schema alone. */

import { configSchema, fieldNotes, REMOVED_KEYS, type FieldNote } from './schema.ts';
import { UNUSED_KEYS } from './unused-keys.ts';

type Field = FieldNote & Readonly<{ key: string; fallback: string | undefined }>;

export const EXAMPLE_FILE = 'deploy/opora.example.env';
export const REFERENCE_FILE = 'docs/reference/configuration.md';

function fields(): Field[] {
  return Object.entries(configSchema.shape).map(([key, schema]) => {
    const note = fieldNotes.get(schema);
    if (note === undefined) throw new Error(`setting ${key} has no note`);
    const fallback = schema.safeParse(undefined);
    // Texts, numbers, yes or no, and lists of these; what has no default is shown as nothing.
    const shown = [fallback.data].flat().join(',');
    return { ...note, key, fallback: shown === '' ? undefined : shown };
  });
}

function sections(): Map<string, Field[]> {
  return Map.groupBy(fields(), ({ section }) => section);
}

/** `deploy/opora.example.env`: every key commented out, so copying it changes nothing. */
export function exampleFile(): string {
  const parts = [...sections()].map(([section, list]) =>
    [`# --- ${section} ---`, ...list.map(exampleOf)].join('\n\n'),
  );
  return `${EXAMPLE_HEAD}\n\n${parts.join('\n\n')}\n`;
}

const EXAMPLE_HEAD = `# Settings of Opora. Copy to .env.development (or .env.staging, .env.production) beside
# package.json and take the # away from what you need. NAME_FILE=/path reads a secret from a file.
# Made from apps/backend/src/config/schema.ts by \`npx opora config --write\`; do not edit here.`;

function exampleOf({ about, key, example, fallback }: Field): string {
  const standard = fallback === undefined ? '' : ` (default: ${fallback})`;
  return `# ${about}${standard}\n#${key}=${example}`;
}

/** `docs/reference/configuration.md`. */
export function referencePage(): string {
  const parts = [...sections()].map(([section, list]) => {
    const rows = list.map(
      ({ key, about, fallback, example, secret }) =>
        `| \`${key}\` | ${about}${secret ? ' *Secret.*' : ''} | ${fallback === undefined ? '' : `\`${fallback}\``} | \`${example.replaceAll('|', '\\|')}\` |`,
    );
    return `## ${section}\n\n| key | what | default | example |\n|---|---|---|---|\n${rows.join('\n')}`;
  });
  const removed = Object.entries(REMOVED_KEYS).map(([key, next]) => `| \`${key}\` | ${next} |`);
  const unused = Object.entries(UNUSED_KEYS).map(([key, why]) => `| \`${key}\` | ${why} |`);
  return `${REFERENCE_HEAD}\n\n${parts.join('\n\n')}\n\n## Removed keys\n\nSetting one of these stops the start and names its successor.\n\n| removed | use |\n|---|---|\n${removed.join('\n')}\n\n## Known keys that nothing reads\n\nSetting one of these changes nothing; \`opora doctor\` says so.\n\n| key | why |\n|---|---|\n${unused.join('\n')}\n`;
}

const REFERENCE_HEAD = `# Configuration

Made from \`apps/backend/src/config/schema.ts\` by \`npx opora config --write\`; a test keeps it fresh.
Sources, the first that has a key wins: the environment, \`.env.<OPORA_ENV>\` beside package.json,
\`local.env\` in OPORA_HOME (what the first start generated). \`NAME_FILE\` names a file that holds the
value. All faults are printed at once and the program exits with 78.`;

export type SettingInForce = Readonly<{
  section: string;
  key: string;
  about: string;
  isSecret: boolean;
  /** False: the default holds. */
  isSet: boolean;
  /** Never that of a secret; null when there is none. */
  value: string | null;
}>;

/** Every setting as it is in force; secrets only say whether they are set. */
export function settingsTable(
  environment: Readonly<Record<string, string | undefined>>,
): SettingInForce[] {
  return fields().map(({ section, key, about, secret, fallback }) => {
    const value = environment[key];
    const isSet = value !== undefined || environment[`${key}_FILE`] !== undefined;
    return {
      section,
      key,
      about,
      isSecret: secret,
      isSet,
      value: secret ? null : (value ?? fallback ?? null),
    };
  });
}

/** The same as text. */
export function settingsInForce(environment: Readonly<Record<string, string | undefined>>): string {
  const settings = settingsTable(environment);
  const width = Math.max(...settings.map(({ key }) => key.length));
  return settings
    .map(({ key, isSet, value }) => {
      const path = environment[key] === undefined ? environment[`${key}_FILE`] : undefined;
      const shown = path === undefined ? (value ?? (isSet ? 'set' : 'not set')) : `from ${path}`;
      return `${key.padEnd(width)}  ${shown}`;
    })
    .join('\n');
}
