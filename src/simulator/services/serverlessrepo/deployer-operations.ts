import type {
  CreateCloudFormationChangeSetRequest,
  CreateCloudFormationTemplateRequest,
  GetCloudFormationTemplateRequest,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { AwsError, type Call, type Handler, type World } from '../../kernel/contract.js';
import { missingCapabilities } from '../../templates/capabilities.js';
import { permitted } from './access.js';
import type { Application, ApplicationVersion } from './application.js';
import { PreparedTemplates, type PreparedTemplate } from './prepared-templates.js';
import { badRequest } from './refusals.js';
import { servedTemplate } from './served-template.js';
import { deployableVersion, type Shelf } from './shelf.js';
import { requiredCapabilities } from './views.js';

const STACK_PREFIX = 'serverlessrepo-';
/** Asked by this service and by no other: CloudFormation does not know it. */
const RESOURCE_POLICY = 'CAPABILITY_RESOURCE_POLICY';
const CAPABILITIES = new Set(['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND', RESOURCE_POLICY]);

type Deployable = { readonly application: Application; readonly version: ApplicationVersion; readonly url: string };

/** What deployers do. `createChangeSet` is CloudFormation's own CreateChangeSet: what it makes is no different from any other. */
export function deployerOperations(world: World, shelf: Shelf, createChangeSet: Handler): Record<string, Handler> {
  const templates = new PreparedTemplates(world, shelf);
  return {
    CreateCloudFormationTemplate: (input: CreateCloudFormationTemplateRequest, call) => {
      const application = permitted(world, shelf, input.ApplicationId!, call, 'CreateCloudFormationTemplate');
      return templateView(templates.prepare(application, deployableVersion(application, input.SemanticVersion), call));
    },
    GetCloudFormationTemplate: (input: GetCloudFormationTemplateRequest, call) =>
      templateView(templates.find(input.ApplicationId!, input.TemplateId!, call)),
    CreateCloudFormationChangeSet: async (input: CreateCloudFormationChangeSetRequest, call) => {
      const chosen =
        input.TemplateId === undefined ? servedNow(world, shelf, input, call) : prepared(templates, input, call);
      checkAcknowledged(chosen.version, input.Capabilities ?? [], call);
      const request = changeSetRequest(world, chosen, input, call);
      const made = await asBadRequest(() =>
        createChangeSet(request, { ...call, service: 'cloudformation', operation: 'CreateChangeSet' }),
      );
      const { Id, StackId } = made as { readonly Id: string; readonly StackId: string };
      return {
        ApplicationId: chosen.application.id,
        SemanticVersion: chosen.version.semanticVersion,
        ChangeSetId: Id,
        StackId,
      };
    },
  };
}

const templateView = (template: PreparedTemplate) => ({
  ApplicationId: template.application.id,
  CreationTime: template.createdAt.toISOString(),
  ExpirationTime: template.expiresAt.toISOString(),
  SemanticVersion: template.version.semanticVersion,
  Status: template.status,
  TemplateId: template.id,
  TemplateUrl: template.url,
});

function servedNow(world: World, shelf: Shelf, input: CreateCloudFormationChangeSetRequest, call: Call): Deployable {
  const application = permitted(world, shelf, input.ApplicationId!, call, 'CreateCloudFormationChangeSet');
  const version = deployableVersion(application, input.SemanticVersion);
  const served = servedTemplate(world, shelf, application, version, call);
  served.put();
  return { application, version, url: served.url };
}

/** The template decides the version; another one beside it would be a contradiction. */
function prepared(templates: PreparedTemplates, input: CreateCloudFormationChangeSetRequest, call: Call): Deployable {
  const template = templates.find(input.ApplicationId!, input.TemplateId!, call);
  const { semanticVersion } = template.version;
  if (input.SemanticVersion !== undefined && input.SemanticVersion !== semanticVersion)
    throw badRequest(`Template ${template.id} is of version ${semanticVersion}, not ${input.SemanticVersion}`);
  if (template.status !== 'ACTIVE') throw badRequest(`Template ${template.id} is ${template.status}`);
  return template;
}

function checkAcknowledged(version: ApplicationVersion, given: readonly string[], { region }: Call): void {
  const unknown = given.find((capability) => !CAPABILITIES.has(capability));
  if (unknown !== undefined) throw badRequest(`Capability '${unknown}' is not supported`);
  const missing = missingCapabilities(requiredCapabilities(version, region), given);
  if (missing.length > 0) throw badRequest(`Required capabilities [${missing.join(', ')}] were not provided.`);
}

function changeSetRequest(
  world: World,
  { application, version, url }: Deployable,
  input: CreateCloudFormationChangeSetRequest,
  call: Call,
) {
  const StackName = `${STACK_PREFIX}${input.StackName}`;
  const standing = world.stacks.find(call.principal.accountId, call.region, StackName)?.status;
  const optional = {
    Description: input.Description,
    ClientToken: input.ClientToken,
    NotificationARNs: input.NotificationArns,
    ResourceTypes: input.ResourceTypes,
    RollbackConfiguration: input.RollbackConfiguration,
  };
  return {
    StackName,
    ChangeSetName: input.ChangeSetName ?? `a${world.identifiers.uuid()}`,
    ChangeSetType: standing === undefined || standing === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
    TemplateURL: url,
    Parameters: (input.ParameterOverrides ?? []).map(({ Name, Value }) => ({
      ParameterKey: Name,
      ParameterValue: Value,
    })),
    Capabilities: (input.Capabilities ?? []).filter((capability) => capability !== RESOURCE_POLICY),
    Tags: [
      ...(input.Tags ?? []),
      { Key: 'serverlessrepo:applicationId', Value: application.id },
      { Key: 'serverlessrepo:semanticVersion', Value: version.semanticVersion },
    ],
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

/** Whatever CloudFormation refuses, this service calls a bad request, in CloudFormation's words. */
async function asBadRequest(ask: () => unknown): Promise<unknown> {
  try {
    return await ask();
  } catch (error) {
    throw error instanceof AwsError && error.status < 500 ? badRequest(error.message) : error;
  }
}
