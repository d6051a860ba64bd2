// Installs the independent emulators into a virtual environment of their own, starts them, and runs what is held against them.
// Where Python is missing that is said and nothing fails, unless CI=true: there a skip is a failure.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { close, runVitest } from './run.mjs';

const PACKAGES = ['moto[server]==5.2.5'];
const VENV = '.venv-peers';
const PYTHON = `${VENV}/bin/python`;

const skip = (why) => {
  const failed = process.env.CI === 'true' ? 1 : 0;
  console.log(`peers skipped: ${why}`);
  close({ status: failed, passed: 0, failed, skipped: 1 });
};

function install() {
  if (spawnSync('python3', ['--version']).status !== 0) return 'python3 is not installed';
  if (!existsSync(PYTHON) && spawnSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' }).status !== 0)
    return 'a virtual environment could not be made (python3 -m venv)';
  const has = spawnSync(PYTHON, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES], {
    stdio: 'inherit',
  });
  return has.status === 0 ? null : `pip could not install ${PACKAGES.join(', ')}`;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function ready(url, child) {
  for (let attempt = 0; attempt < 240 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}

const problem = install();
if (problem !== null) skip(problem);
else {
  const port = await freePort();
  const moto = spawn(PYTHON, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const stop = () => moto.kill('SIGKILL');
  process.once('exit', stop);
  process.once('SIGINT', () => process.exit(130));
  try {
    if (!(await ready(`http://127.0.0.1:${port}/moto-api/data.json`, moto))) {
      console.log('moto did not start');
      close({ status: 1, passed: 0, failed: 1, skipped: 0 });
    } else {
      process.env.EVENKEEL_MOTO = `http://127.0.0.1:${port}`;
      close(runVitest(['--config', 'vitest.peers.config.ts', ...process.argv.slice(2)]));
    }
  } finally {
    stop();
  }
}
