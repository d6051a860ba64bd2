import { areaOf, type Environment } from './environment.js';
import type { Output, Stack } from './stack.js';

/** Makes the stack's exports those of `outputs`, or says why CloudFormation will not: a name is taken, or a value is in use. */
export function replaceExports(environment: Environment, stack: Stack, outputs: readonly Output[]): string | undefined {
  const area = areaOf(environment, stack);
  const wanted = new Map<string, string>();
  for (const { ExportName, OutputValue } of outputs) {
    if (ExportName === undefined) continue;
    if (wanted.has(ExportName)) return `Export with name ${ExportName} is already exported by stack ${stack.name}.`;
    wanted.set(ExportName, OutputValue);
  }
  const held = [...area.exports.values()].filter(({ stackId }) => stackId === stack.id);
  for (const [name] of wanted) {
    const owner = area.exports.get(name)?.stackId;
    if (owner !== undefined && owner !== stack.id) {
      return `Export with name ${name} is already exported by stack ${area.find(owner)?.name ?? owner}.`;
    }
  }
  for (const { name, value } of held) {
    const importers = wanted.get(name) === value ? [] : area.importers(name);
    if (importers.length === 0) continue;
    return wanted.has(name)
      ? `Export ${name} cannot be updated as it is in use by ${importers.join(', ')}`
      : `Export ${name} cannot be deleted as it is in use by ${importers.join(', ')}`;
  }
  for (const { name } of held) area.exports.delete(name);
  for (const [name, value] of wanted) area.exports.set(name, { name, value, stackId: stack.id });
  return undefined;
}

/** Why the stack's exports keep it from being deleted; undefined where nobody uses them. */
export function exportsInUse(environment: Environment, stack: Stack): string | undefined {
  const area = areaOf(environment, stack);
  for (const { name, stackId } of area.exports.values()) {
    const importers = stackId === stack.id ? area.importers(name).filter((importer) => importer !== stack.name) : [];
    if (importers.length > 0)
      return `Delete canceled. Cannot delete export ${name} as it is in use by ${importers.join(', ')}.`;
  }
  return undefined;
}
