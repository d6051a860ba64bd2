import type { Controller } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { nearest } from '../model/nearest.js';
import type { Manifest } from './parse.js';

type Chosen = { readonly controller: Controller | null; readonly diagnostics: readonly Diagnostic[] };

/** The Controller that is asked for, or the only one there is. */
export function chooseController(manifests: readonly Manifest[], name: string | null): Chosen {
  const controllers = manifests.flatMap((manifest) => (manifest.type === 'controller' ? [manifest.controller] : []));
  const candidates = name === null ? controllers : controllers.filter((controller) => controller.name === name);
  const names = [...new Set(controllers.map((controller) => controller.name))].sort();
  const [only] = candidates;
  if (only !== undefined && new Set(candidates.map((controller) => controller.name)).size === 1) {
    return { controller: only, diagnostics: [] };
  }
  // A document that could not be read may be the very one that is missing; its own mistakes are told already.
  const maybe = manifests.some(
    (manifest) => manifest.type === 'broken' && (manifest.kind ?? 'Controller') === 'Controller',
  );
  if (only === undefined && maybe) return { controller: null, diagnostics: [] };
  return { controller: null, diagnostics: [noController(name, names)] };
}

function noController(name: string | null, names: readonly string[]): Diagnostic {
  const listed = names.join(', ');
  const severity = 'error';
  if (names.length === 0) {
    const message = 'no manifest is of kind Controller, so no installation is described';
    return { code: 'EK2009', severity, message, remedy: 'add a manifest of kind Controller' };
  }
  if (name === null) {
    const message = `there are several Controllers: ${listed}`;
    return {
      code: 'EK2010',
      severity,
      message,
      remedy: `name one with --installation, such as --installation ${names[0]}`,
    };
  }
  const message = `no Controller is named ${name}; there ${names.length === 1 ? 'is' : 'are'} ${listed}`;
  const near = nearest(name, names);
  const remedy = near === null ? `write --installation ${names[0]}` : `did you mean --installation ${near}?`;
  return { code: 'EK2009', severity, message, remedy };
}
