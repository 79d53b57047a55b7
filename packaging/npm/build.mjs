#!/usr/bin/env node
// Makes npm packages of a program that is already built: `build.mjs BINARY FOLDER`. One holds the program, and says for which
// platform it is; the other, `iamsure`, starts whichever of those is installed. Needs npm; nothing is fetched.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];

const [binary, folder, ...rest] = process.argv.slice(2);
if (!folder || rest.length > 0) {
  console.error('usage: build.mjs BINARY FOLDER');
  process.exit(2);
}
const [, version] = readFileSync(join(root, 'Cargo.toml'), 'utf8').match(/^version = "(.*)"$/m);
const common = { version, license: 'Apache-2.0 OR MIT', engines: { node: '>=18' } };
const licences = ['LICENSE-APACHE', 'LICENSE-MIT', 'crates/iamsure-reference/NOTICE.md'];

// The header of a program tells the platform; that it asks for glibc, its symbols.
function platform(program) {
  if (program.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) {
    const cpu = { 62: 'x64', 183: 'arm64' }[program.readUInt16LE(18)];
    return cpu && { os: 'linux', cpu, ...(program.includes('GLIBC_2.') ? { libc: ['glibc'] } : {}) };
  }
  if (program.readUInt32LE(0) === 0xfeedfacf) {
    const cpu = { 0x01000007: 'x64', 0x0100000c: 'arm64' }[program.readUInt32LE(4)];
    return cpu && { os: 'darwin', cpu };
  }
  if (program.subarray(0, 2).toString('latin1') === 'MZ') {
    const cpu = { 0x8664: 'x64', 0xaa64: 'arm64' }[program.readUInt16LE(program.readUInt32LE(0x3c) + 4)];
    return cpu && { os: 'win32', cpu };
  }
  return undefined;
}

function pack(manifest, readme, files) {
  const tree = mkdtempSync(join(tmpdir(), 'iamsure-npm-'));
  try {
    mkdirSync(join(tree, 'bin'));
    for (const [from, to] of files) {
      copyFileSync(from, join(tree, to));
      chmodSync(join(tree, to), 0o755);
    }
    for (const licence of licences) {
      copyFileSync(join(root, licence), join(tree, licence.split('/').pop()));
    }
    writeFileSync(join(tree, 'README.md'), readme);
    writeFileSync(join(tree, 'package.json'), `${JSON.stringify({ ...manifest, ...common }, null, 2)}\n`);
    const options = ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder];
    const packed = execFileSync('npm', options, { cwd: tree, encoding: 'utf8', shell: process.platform === 'win32' });
    console.log(join(folder, packed.trim()));
  } finally {
    rmSync(tree, { recursive: true });
  }
}

const program = readFileSync(binary);
const found = platform(program);
const name = found && `${found.os}-${found.cpu}`;
if (!platforms.includes(name)) {
  console.error(`build.mjs: not a program for one of ${platforms.join(', ')}`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const file = found.os === 'win32' ? 'iamsure.exe' : 'iamsure';
pack(
  {
    name: `iamsure-${name}`,
    description: `The program of the package iamsure for ${name}`,
    os: [found.os],
    cpu: [found.cpu],
    ...(found.libc ? { libc: found.libc } : {}),
    preferUnplugged: true,
  },
  `The program of the package \`iamsure\` for ${name}. Install that one.\n`,
  [[binary, `bin/${file}`]],
);
pack(
  {
    name: 'iamsure',
    description: 'Exactly what your AWS IAM policies decide',
    keywords: ['aws', 'iam', 'policy', 'truth-table', 'simulator'],
    bin: { iamsure: 'bin/iamsure.js' },
    optionalDependencies: Object.fromEntries(platforms.map((each) => [`iamsure-${each}`, version])),
  },
  'The command `iamsure` reads IAM policies and says what they decide, offline. No script runs when it is installed.\n',
  [[join(here, 'launcher.js'), 'bin/iamsure.js']],
);
