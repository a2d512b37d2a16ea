#!/usr/bin/env node
// `npx opora <command>`: the same door as `npm start`, with the command first.
process.argv.splice(2, 0, 'opora');
import('./run.mjs');
