import { join, relative } from 'node:path';
import type { Session, Source } from '../installation/session.js';
import type { Report } from '../reconciler/outcome.js';
import type { Desired } from '../model/desired.js';
import type { Diagnostic, Place } from '../model/diagnostic.js';
import { unreachable } from '../model/unreachable.js';
import type { Context } from './context.js';

/** Places are relative to the desired-state folder; this is what a person, an editor or a pull request needs in front of them. */
export function folderOf(source: Source, context: Context): string {
  switch (source.type) {
    case 'folder':
      return relative(context.cwd, source.path);
    case 'git':
      return source.folder;
    default:
      return unreachable(source);
  }
}

/** The diagnostics with their files as they are called from where the command was typed. */
export function located(diagnostics: readonly Diagnostic[], folder: string): readonly Diagnostic[] {
  return diagnostics.map((diagnostic) => {
    const { place } = diagnostic;
    return place === undefined ? diagnostic : { ...diagnostic, place: { ...place, file: join(folder, place.file) } };
  });
}

/** The session with the places of all that it finds told so. */
export function locatedSession(session: Session, folder: string): Session {
  const within = <T extends { readonly diagnostics: readonly Diagnostic[] }>(found: T): T => ({
    ...found,
    diagnostics: located(found.diagnostics, folder),
  });
  const warned = (report: Report): Report => ({ ...report, warnings: located(report.warnings, folder) });
  return {
    ...session,
    diagnostics: located(session.diagnostics, folder),
    plan: async (scope, watch) => within(await session.plan(scope, watch)),
    apply: async (planned, door, watch) => warned(await session.apply(planned, door, watch)),
    applyFile: async (plan, watch) => warned(await session.applyFile(plan, watch)),
    record: async (planned, door, watch) => located(await session.record(planned, door, watch), folder),
    targets: async (scope, watch) => within(await session.targets(scope, watch)),
    detectDrift: async (scope, mode, watch) => within(await session.detectDrift(scope, mode, watch)),
    lock: async (mode, watch) => within(await session.lock(mode, watch)),
    outdated: async (watch) => within(await session.outdated(watch)),
    upgrade: async (wish, watch) => {
      const outcome = within(await session.upgrade(wish, watch));
      const called = (paths: readonly string[]): readonly string[] => paths.map((path) => join(folder, path));
      return { ...outcome, written: called(outcome.written), removed: called(outcome.removed) };
    },
  };
}

/** The manifests with the places of their rules told so. */
export function locatedDesired(desired: readonly Desired[], folder: string): readonly Desired[] {
  const within = (place: Place): Place => ({ ...place, file: join(folder, place.file) });
  return desired.map((manifest) => ({
    ...manifest,
    driftIgnore: manifest.driftIgnore.map((rule) => ({ ...rule, place: within(rule.place) })),
    at: (...path) => within(manifest.at(...path)),
  }));
}
