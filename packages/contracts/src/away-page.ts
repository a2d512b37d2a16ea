import { endpoints } from './api/index.ts';
import { AUTH_LEVELS, AWAY_TABLE, awayClassOf, type AuthLevel, type AwayClass } from './away.ts';

/** The reference page of what auth's absence leaves; `vitest run packages/contracts -u` writes it. */
export function awayPage(): string {
  const named = endpoints().filter((one) => awayClassOf(one) !== 'open');
  const classes = Object.keys(AWAY_TABLE) as AwayClass[]; // its own keys
  return [
    '# While auth is away',
    '',
    'What each level of authorization leaves to somebody who may do it while all is well; when a level',
    'counts is told in [identity](../concepts/identity.md). Calm changes pass level 3 only while what is known',
    'of ended sessions is not older than a minute and the clock is believed. This page is generated from',
    '`packages/contracts/src/away.ts`.',
    '',
    `| what | ${AUTH_LEVELS.map((level) => `level ${String(level)}`).join(' | ')} |`,
    `| --- | ${AUTH_LEVELS.map(() => '---').join(' | ')} |`,
    ...classes.map((one) => `| ${AWAY_TABLE[one].about} | ${marksOf(one)} |`),
    '',
    '| operation | what |',
    '| --- | --- |',
    ...named.map((one) => `| \`${one.id}\` | ${AWAY_TABLE[awayClassOf(one)].about} |`),
    '',
  ].join('\n');
}

function marksOf(one: AwayClass): string {
  const levels: readonly AuthLevel[] = AWAY_TABLE[one].levels;
  return AUTH_LEVELS.map((level) => (levels.includes(level) ? 'yes' : '-')).join(' | ');
}
