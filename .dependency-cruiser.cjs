// Which room may import which: the arrows point one way.
const room = (name) => `^src/${name}/`;
const only = (name, allowed, extra = []) => ({
  name: `${name}-imports`,
  severity: 'error',
  comment: `src/${name} may import ${allowed.join(', ') || 'nothing of ours'}`,
  from: { path: room(name) },
  to: { path: '^src/', pathNot: [room(name), ...allowed.map(room), ...extra] },
});
const PORTS = '^src/reconciler/ports\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    { name: 'no-dev-dependencies', severity: 'error', from: { path: '^src' }, to: { dependencyTypes: ['npm-dev'] } },
    only('model', []),
    only('manifest', ['model']),
    only('catalog', ['model']),
    only('organization', ['model', 'aws', 'manifest'], [PORTS]),
    only('blocks', ['model', 'aws', 'catalog'], [PORTS]),
    only('synthesis', ['model'], ['^src/blocks/construct/construct-(contract|forms)\\.ts$']),
    {
      name: 'cdk-in-the-child-process',
      severity: 'error',
      comment: 'only the child process loads the CDK, and nobody imports its program',
      from: { path: '^src/', pathNot: '^src/synthesis/' },
      to: { path: ['^src/synthesis/', 'node_modules/(aws-cdk-lib|constructs|@aws-solutions-constructs)/'] },
    },
    only('checks', ['model']),
    only('drivers', ['model', 'aws'], [PORTS]),
    only('ledger', ['model', 'aws'], [PORTS]),
    only('notices', ['model', 'aws'], [PORTS]),
    only('git', ['model'], [PORTS]),
    only('aws', ['model'], [PORTS]),
    only('snapshot', ['model', 'aws', 'drivers'], [PORTS]),
    only('reconciler', ['model']),
    only('installation', [
      'model',
      'manifest',
      'organization',
      'blocks',
      'catalog',
      'checks',
      'drivers',
      'reconciler',
      'ledger',
      'notices',
      'aws',
      'git',
      'snapshot',
    ]),
    only('simulator', []),
    only('cli', ['model', 'installation', 'reconciler', 'simulator', 'catalog']),
    {
      name: 'pure-rooms',
      severity: 'error',
      comment: 'pure rooms reach no clock, no network, no file system',
      from: {
        path: [
          '^src/model/',
          '^src/manifest/',
          // Rules that are asked in a thread of their own are the room's one edge.
          '^src/checks/(?!template-rules\\.ts$)',
          '^src/catalog/',
          '^src/organization/expand',
          '^src/reconciler/(plan|plan-unit|plan-members|plan-removal|unit-plan|verify|narrow-template|diff|guard|units|record|tokens|describe[a-z-]*)\\.ts$',
          '^src/reconciler/notices/(?!outbox\\.ts$|tell\\.ts$)',
        ],
      },
      to: { dependencyTypes: ['core'], pathNot: ['^crypto$', '^node:crypto$'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
