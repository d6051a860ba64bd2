import { digestOf } from '../model/canonical.js';
import type { Construct, Desired } from '../model/desired.js';
import type { Result } from '../model/diagnostic.js';
import type { DesiredFiles } from '../model/files.js';
import type { Pin } from './pin.js';

/** A pattern of AWS Solutions Constructs, pinned by its name, version and props. */
export function pinConstruct(_desired: Desired, block: Construct, _files: DesiredFiles): Result<Pin> {
  const { construct, version, props } = block;
  return {
    value: {
      source: { construct, version, propsSha256: digestOf(props) },
      tags: {},
      mainKey: 'construct',
      keys: { propsSha256: 'props' },
      title: `${construct} ${version}`,
    },
    diagnostics: [],
  };
}
