#!/usr/bin/env node
// The door of every npm script. It must parse on any Node that knows modules, so that an old one
// gets a sentence and not a syntax error: hence nothing imported before the version is known.
const OLDEST_MAJOR = 20;

if (Number(process.versions.node.split('.')[0]) < OLDEST_MAJOR) {
  process.stderr.write(
    'opora: Node ' +
      OLDEST_MAJOR +
      ' or newer is needed to start, this is ' +
      process.version +
      '\n',
  );
  process.exitCode = 1;
} else {
  import('./bootstrap.mjs').then((bootstrap) => bootstrap.run(process.argv.slice(2)));
}
