import type { Transform } from '../../model/desired.js';
import { getsServerlessRole, globalsFor, iamPrincipals } from '../../model/iam-principals.js';
import type { TemplateDocument } from '../../model/template.js';
import { resourcesOf } from '../../model/template-resources.js';
import type { TemplatePath } from '../../model/template-resources.js';
import { tagAdditions } from './transform-tags.js';

/** One thing that a template does not say yet: a key that is absent, or one more item at the end of a list. */
export type Addition = { readonly path: TemplatePath; readonly value: unknown };

/** What of each kind is to be added; every resource is counted once for each kind. */
export type Additions = {
  readonly permissionsBoundary: readonly Addition[];
  readonly rolePath: readonly Addition[];
  /** Additions, resource by resource. */
  readonly tags: readonly (readonly Addition[])[];
};

/** Types with a path in IAM's tree of names. */
const PATHED: ReadonlySet<string> = new Set(
  ['Role', 'User', 'Group', 'ManagedPolicy', 'InstanceProfile'].map((name) => `AWS::IAM::${name}`),
);

/** What a transform adds to one template: nothing that its author has said, so that of what it has added it adds nothing. */
export function additionsTo(document: TemplateDocument, transform: Transform): Additions {
  const { permissionsBoundary, rolePath, tags } = transform;
  return {
    permissionsBoundary: permissionsBoundary === null ? [] : boundaries(document, boundaryOf(permissionsBoundary)),
    rolePath: rolePath === null ? [] : paths(document, rolePath),
    tags: resourcesOf(document).flatMap((resource) => {
      const additions = tagAdditions(resource, globalsFor(resource.type, document), tags);
      return additions.length === 0 ? [] : [additions];
    }),
  };
}

/** A name is that of a policy in the account that the template goes to. */
function boundaryOf(boundary: string): unknown {
  return boundary.startsWith('arn:')
    ? boundary
    : { 'Fn::Sub': `arn:\${AWS::Partition}:iam::\${AWS::AccountId}:policy/${boundary}` };
}

function boundaries(document: TemplateDocument, value: unknown): readonly Addition[] {
  return iamPrincipals(document).flatMap(({ path, boundary }) =>
    path === null || boundary !== undefined ? [] : [{ path: [...path, 'PermissionsBoundary'], value }],
  );
}

function paths(document: TemplateDocument, value: string): readonly Addition[] {
  return resourcesOf(document).flatMap((resource) => {
    const { type, properties, path } = resource;
    if (PATHED.has(type))
      return properties['Path'] === undefined ? [{ path: [...path, 'Properties', 'Path'], value }] : [];
    const isSaid = (properties['RolePath'] ?? globalsFor(type, document)['RolePath']) !== undefined;
    return getsServerlessRole(resource, document) && !isSaid
      ? [{ path: [...path, 'Properties', 'RolePath'], value }]
      : [];
  });
}
