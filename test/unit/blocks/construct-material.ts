import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownInstallation } from '../../../src/blocks/construct/construct-package.js';
import type { ConstructInstallation } from '../../../src/blocks/construct/construct-package.js';
import { serveConstructAt } from '../../../src/blocks/construct/served-construct.js';
import type { SynthesisPlace } from '../../../src/blocks/construct/served-construct.js';
import type { Served } from '../../../src/blocks/lock/served-block.js';
import { SYNTHESIS_LIMITS } from '../../../src/blocks/construct/construct-process.js';
import type { Construct, Desired } from '../../../src/model/desired.js';
import type { DesiredFiles } from '../../../src/model/files.js';
import type { JsonObject } from '../../../src/model/json.js';
import { desired } from '../../support/builders.js';
import { files } from './material.js';

export const VERSION = '2.41.0';
const NO_FILES = files({});

export const block = (props: JsonObject, construct = 'aws-eventbridge-lambda', version = VERSION): Construct => ({
  type: 'construct',
  construct,
  version,
  props,
});

/** A Construct manifest whose places say which key they are of. */
export function construct(own: Construct, name = 'notify'): Desired {
  return desired({
    address: `Construct/${name}`,
    kind: 'Construct',
    name,
    block: own,
    at: (...path) => ({ file: `${name}.yaml`, line: 1, column: 1, length: 1, source: path.join('.') }),
  });
}

export function serve(
  own: Construct,
  present: DesiredFiles = NO_FILES,
  over: Partial<SynthesisPlace> = {},
): Promise<Served> {
  return serveConstructAt(
    construct(own),
    own,
    { files: present, signal: new AbortController().signal },
    { installation: ownInstallation(), limits: SYNTHESIS_LIMITS, ...over },
  );
}

/** An installation whose aws-eventbridge-lambda is a package of ours: what its constructor does is `body`. */
export async function installationOf(
  body: string,
): Promise<{ readonly installation: ConstructInstallation; readonly close: () => Promise<void> }> {
  const own = ownInstallation();
  const root = await mkdtemp(join(tmpdir(), 'evenkeel-modules-'));
  const modules = join(root, 'node_modules');
  const scope = join(modules, '@aws-solutions-constructs');
  await mkdir(join(scope, 'aws-eventbridge-lambda'), { recursive: true });
  for (const name of ['aws-cdk-lib', 'constructs', '@aws-solutions-constructs/core'])
    await symlink(join(own.modules, name), join(modules, name));
  await writeFile(
    join(scope, 'aws-eventbridge-lambda', 'package.json'),
    JSON.stringify({ name: '@aws-solutions-constructs/aws-eventbridge-lambda', version: '9.9.9', main: 'index.js' }),
  );
  await writeFile(
    join(scope, 'aws-eventbridge-lambda', 'index.js'),
    `const { Construct } = require('constructs');
const { CfnResource } = require('aws-cdk-lib');
exports.Pattern = class extends Construct {
  constructor(scope, id, props) {
    super(scope, id);
    ${body}
    new CfnResource(this, 'Topic', { type: 'AWS::SNS::Topic' });
  }
};`,
  );
  return {
    installation: { modules, program: own.program },
    close: () => rm(root, { recursive: true, force: true }),
  };
}
