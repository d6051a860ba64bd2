// The independent emulators: how each is installed, started, known to be ready, and stopped.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';

const VENV = '.venv-peers';
const PYTHON = `${VENV}/bin/python`;

/** Exact versions: a difference that the specification names is one of these versions. */
export const PACKAGES = ['moto[server]==5.2.5', 'ministack[full]==1.5.33', 'aws-sam-translator==1.115.0'];

const EMULATORS = [
  {
    name: 'moto',
    variable: 'EVENKEEL_MOTO',
    ready: '/moto-api/data.json',
    arguments: (port) => ['-m', 'moto.server', '-H', '127.0.0.1', '-p', port],
    environment: () => ({}),
  },
  {
    name: 'ministack',
    variable: 'EVENKEEL_MINISTACK',
    ready: '/_ministack/health',
    arguments: () => ['-m', 'ministack'],
    environment: (port) => ({ BIND_HOST: '127.0.0.1', GATEWAY_PORT: port, SFTP_ENABLED: '0', IOT_MTLS_ENABLED: '0' }),
  },
];

/** Null where everything is installed; else why it cannot be. */
export function install() {
  if (spawnSync('python3', ['--version']).status !== 0) return 'python3 is not installed';
  if (!existsSync(PYTHON) && spawnSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' }).status !== 0)
    return 'a virtual environment could not be made (python3 -m venv)';
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...PACKAGES];
  const { status } = spawnSync(PYTHON, pip, { stdio: 'inherit' });
  return status === 0 ? null : `pip could not install ${PACKAGES.join(', ')}`;
}

/** Starts them all as children of this process; answers the environment that says where they listen, and how to stop them. */
export async function start() {
  const children = [];
  const stop = () => children.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', stop);
  const environment = { EVENKEEL_PYTHON: PYTHON };
  for (const emulator of EMULATORS) {
    const port = String(await freePort());
    const child = spawn(PYTHON, emulator.arguments(port), {
      stdio: 'ignore',
      env: { ...process.env, ...emulator.environment(port) },
    });
    children.push(child);
    const url = `http://127.0.0.1:${port}`;
    if (!(await answers(`${url}${emulator.ready}`, child))) {
      stop();
      throw new Error(`${emulator.name} did not start`);
    }
    environment[emulator.variable] = url;
  }
  return { environment, stop };
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

async function answers(url, child) {
  for (let attempt = 0; attempt < 240 && child.exitCode === null; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return false;
}
