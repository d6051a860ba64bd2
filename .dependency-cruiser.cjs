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
    only('organization', ['model', 'aws', 'manifest'], [PORTS]),
    only('blocks', ['model', 'aws'], [PORTS]),
    only('drivers', ['model', 'aws'], [PORTS]),
    only('ledger', ['model', 'aws'], [PORTS]),
    only('git', ['model'], [PORTS]),
    only('aws', ['model'], [PORTS]),
    only('snapshot', ['model', 'aws', 'drivers'], [PORTS]),
    only('reconciler', ['model']),
    only('installation', [
      'model',
      'manifest',
      'organization',
      'blocks',
      'drivers',
      'reconciler',
      'ledger',
      'aws',
      'git',
      'snapshot',
    ]),
    only('simulator', []),
    only('cli', ['model', 'installation', 'reconciler', 'simulator']),
    {
      name: 'pure-rooms',
      severity: 'error',
      comment: 'pure rooms reach no clock, no network, no file system',
      from: {
        path: [
          '^src/model/',
          '^src/manifest/',
          '^src/organization/expand',
          '^src/reconciler/(plan|plan-unit|plan-members|plan-removal|unit-plan|verify|narrow-template|diff|guard|units|record|tokens|describe[a-z-]*)\\.ts$',
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
