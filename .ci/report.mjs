// What the runners' reports say. `failed-files <report>` prints the files that failed, a line each;
// `summary <folder> <failed runner>...` tells who failed, who needed a second try, and counts.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import process from 'node:process';

/** Lines of one failure: the log of a run is long, and its end must say enough to begin with. */
const LINES_OF_A_FAILURE = 12;

const resultsOf = (path) => JSON.parse(readFileSync(path, 'utf8')).testResults;
const isFailed = (result) => result.status === 'failed';

/** A file that was run again counts by its second run, every other by its first. */
function countedResults(folder, name) {
  const results = new Map(resultsOf(join(folder, name)).map((result) => [result.name, result]));
  const second = join(folder, 'second', name);
  const again = existsSync(second) ? resultsOf(second) : [];
  for (const result of again) results.set(result.name, result);
  return { results: [...results.values()], again };
}

function tellFailures(result, heading) {
  const file = relative(process.cwd(), result.name);
  const failures = result.assertionResults.filter(isFailed);
  if (failures.length === 0) console.log(`\n${heading}: ${file}\n${result.message ?? ''}`);
  for (const { fullName, failureMessages } of failures) {
    const lines = failureMessages.join('\n').split('\n').slice(0, LINES_OF_A_FAILURE);
    console.log(`\n${heading}: ${file}: ${fullName}\n${lines.join('\n')}`);
  }
}

function summary(folder, failedRunners) {
  const names = existsSync(folder) ? readdirSync(folder).filter((n) => n.endsWith('.json')) : [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const silent = new Set(failedRunners);
  for (const name of names) {
    const { results, again } = countedResults(folder, name);
    if (again.length > 0) {
      const first = resultsOf(join(folder, name)).filter(isFailed);
      for (const result of first) tellFailures(result, 'needed a second try');
    }
    for (const result of results) {
      if (isFailed(result)) {
        tellFailures(result, 'failed');
        silent.delete(name.replace('.json', ''));
      }
      // A file that fell before its tests began has no test that failed.
      if (isFailed(result) && !result.assertionResults.some(isFailed)) counts.failed += 1;
      for (const { status } of result.assertionResults) {
        counts[status === 'passed' || status === 'failed' ? status : 'skipped'] += 1;
      }
    }
  }
  // A runner that ended badly counts as a failure even when its report shows none.
  counts.failed += silent.size;
  if (failedRunners.length > 0) console.log(`\nfailed: ${failedRunners.join(', ')}`);
  if (counts.passed === 0) console.log('\nno test was run');
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

const [command, path, ...rest] = process.argv.slice(2);
if (command === 'summary') summary(path, rest);
else for (const { name } of resultsOf(path).filter(isFailed)) console.log(name);
