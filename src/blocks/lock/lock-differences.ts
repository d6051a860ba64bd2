import { canonicalJson } from '../../model/canonical.js';
import type { Desired } from '../../model/desired.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { LockEntry } from './lock-file.js';
import type { Pin } from './pin.js';

/** Keys of an entry in words; those that change what is deployed, or what it may do, are errors: under one version they should never change. */
const KEYS: readonly {
  readonly key: keyof LockEntry;
  readonly words: string;
  readonly severity: 'error' | 'warning';
}[] = [
  { key: 'templateSha256', words: 'template', severity: 'error' },
  { key: 'objects', words: 'code', severity: 'error' },
  { key: 'requiredCapabilities', words: 'capabilities', severity: 'error' },
  { key: 'parameters', words: 'parameters', severity: 'error' },
  { key: 'licence', words: 'licence', severity: 'warning' },
  { key: 'publisher', words: 'publisher', severity: 'warning' },
  { key: 'sourceCodeUrl', words: 'source code address', severity: 'warning' },
];

/** One finding where AWS serves something else than what is locked under the same version; none where all is alike. */
export function differences(desired: Desired, pin: Pin, locked: LockEntry, served: LockEntry): readonly Diagnostic[] {
  const changed = KEYS.filter(({ key }) => canonicalJson(locked[key]) !== canonicalJson(served[key]));
  if (changed.length === 0) return [];
  return [
    {
      code: 'EK4029',
      severity: changed.some(({ severity }) => severity === 'error') ? 'error' : 'warning',
      address: desired.address,
      place: desired.at('spec', pin.mainKey === 'template' ? 'template' : 'version'),
      message: `for ${pin.title}, AWS serves something else than what is locked: ${changed.map(({ words }) => words).join(', ')}`,
      remedy:
        'ask the publisher why one version changed; what is locked goes on being deployed until `evenkeel lock --all` is run and reviewed',
    },
  ];
}
