#!/usr/bin/env node
// Runs the program of the package for this platform, and ends as it ends.
'use strict';

const { spawnSync } = require('node:child_process');

const name = `iamsure-${process.platform}-${process.arch}`;
const file = process.platform === 'win32' ? 'iamsure.exe' : 'iamsure';
let program;
try {
  program = require.resolve(`${name}/bin/${file}`);
} catch {
  console.error(`iamsure: the package ${name} is not installed. Either there is none for this platform, or`);
  console.error('optional dependencies were left out: install without --omit=optional.');
  process.exit(2);
}
const run = spawnSync(program, process.argv.slice(2), { stdio: 'inherit' });
if (run.error) {
  console.error(`iamsure: ${run.error.message}`);
  process.exit(2);
}
if (run.signal) {
  process.kill(process.pid, run.signal);
}
process.exit(run.status ?? 2);
