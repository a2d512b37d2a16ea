/**
 * How long property tests look, and from where. `npm test` looks shortly and always at the same
 * cases; a long look is asked for: `OPORA_FUZZ_TIMES=100 OPORA_FUZZ_SEED=7 npx vitest run <file>`.
 */

/** For a property that runs so many times more. */
const PROPERTY_MAX_MS = 30_000;

/** Where everybody starts who names no seed. */
const SEED = 20_261_127;

/** For `fc.assert`: so many runs in `npm test`, as many times more as the environment asks. */
export function fuzzed(runs: number): { numRuns: number; seed: number } {
  const { OPORA_FUZZ_SEED: seed = String(SEED) } = process.env;
  return { numRuns: Math.ceil(runs * times()), seed: Number(seed) };
}

/** For a test of such properties, in milliseconds. */
export function fuzzTimeout(): number {
  return PROPERTY_MAX_MS * Math.max(1, times());
}

function times(): number {
  return Number(process.env['OPORA_FUZZ_TIMES'] ?? '1');
}
