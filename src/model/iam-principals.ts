import type { TemplateDocument } from './template.js';
import { isMapping, resourcesOf, section } from './template-resources.js';
import type { Mapping, TemplatePath, TemplateResource } from './template-resources.js';

/** A role or user that a template makes, written by its author or by the serverless transform. */
export type IamPrincipal = {
  readonly logicalId: string;
  /** The name of the condition without which it is not made. */
  readonly condition: string | null;
  /** The mapping that may say `PermissionsBoundary`; null where the template's language has no place for it. */
  readonly path: TemplatePath | null;
  /** Undefined where nothing says it. */
  readonly boundary: unknown;
  /** As in `the role of function Clean`. */
  readonly title: string;
};

/** Resource type of the serverless transform → its section of Globals. */
const SERVERLESS: ReadonlyMap<string, string> = new Map([
  ['AWS::Serverless::Function', 'Function'],
  ['AWS::Serverless::StateMachine', 'StateMachine'],
]);

/** What Globals say of a resource of the serverless transform; empty for all others. */
export function globalsFor(type: string, document: TemplateDocument): Mapping {
  const name = SERVERLESS.get(type) ?? /^AWS::Serverless::(\w+)$/.exec(type)?.[1];
  const common = name === undefined ? undefined : section(document, 'Globals')[name];
  return isMapping(common) ? common : {};
}

/** Whether the serverless transform writes a role for the resource itself. */
export function getsServerlessRole({ type, properties }: TemplateResource, document: TemplateDocument): boolean {
  return SERVERLESS.has(type) && (properties['Role'] ?? globalsFor(type, document)['Role']) === undefined;
}

/** Every role and user that a deployment of the template makes, in the template's order. */
export function iamPrincipals(document: TemplateDocument): readonly IamPrincipal[] {
  return resourcesOf(document).flatMap((resource) => {
    const { logicalId, type, properties, condition, path } = resource;
    const own = { logicalId, condition, path: [...path, 'Properties'], boundary: properties['PermissionsBoundary'] };
    if (type === 'AWS::IAM::Role') return [{ ...own, title: `role ${logicalId}` }];
    if (type === 'AWS::IAM::User') return [{ ...own, title: `user ${logicalId}` }];
    if (!SERVERLESS.has(type)) return [];
    const common = globalsFor(type, document);
    const made: IamPrincipal[] = getsServerlessRole(resource, document)
      ? [{ ...own, boundary: own.boundary ?? common['PermissionsBoundary'], title: `the role of ${logicalId}` }]
      : [];
    return [
      ...made,
      ...scheduleRoles(resource),
      ...(type === 'AWS::Serverless::Function' ? deploymentRole(resource, common) : []),
    ];
  });
}

/** An EventBridge schedule gets a role of its own, with a boundary of its own. */
function scheduleRoles({ logicalId, properties, condition, path }: TemplateResource): readonly IamPrincipal[] {
  const events = properties['Events'];
  return Object.entries(isMapping(events) ? events : {}).flatMap(([name, event]) => {
    if (!isMapping(event) || event['Type'] !== 'ScheduleV2') return [];
    const own = isMapping(event['Properties']) ? event['Properties'] : {};
    if (own['RoleArn'] !== undefined) return [];
    return [
      {
        logicalId,
        condition,
        path: [...path, 'Properties', 'Events', name, 'Properties'],
        boundary: own['PermissionsBoundary'],
        title: `the role of schedule ${name} of ${logicalId}`,
      },
    ];
  });
}

/** Gradual deployments go through a role of CodeDeploy's, to which the serverless transform gives no boundary. */
function deploymentRole(
  { logicalId, properties, condition }: TemplateResource,
  common: Mapping,
): readonly IamPrincipal[] {
  const preference = { ...mappingOf(common['DeploymentPreference']), ...mappingOf(properties['DeploymentPreference']) };
  const isOn =
    Object.keys(preference).length > 0 && preference['Enabled'] !== false && preference['Enabled'] !== 'false';
  if (!isOn || preference['Role'] !== undefined) return [];
  return [{ logicalId, condition, path: null, boundary: undefined, title: `the deployment role of ${logicalId}` }];
}

const mappingOf = (value: unknown): Mapping => (isMapping(value) ? value : {});
