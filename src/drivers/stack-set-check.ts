import type { Artifact } from '../model/artifact.js';
import { canonicalJson } from '../model/canonical.js';
import type { Deployment, Desired } from '../model/desired.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { AccountId } from '../model/identifiers.js';
import { errorAt } from './check.js';

/** What StackSets would refuse; `managementAccount` is null where it is not known yet. */
export function checkStackSet(
  desired: Desired,
  artifact: Artifact,
  deployments: readonly Deployment[],
  managementAccount: AccountId | null,
): Diagnostic[] {
  const options = desired.stackSet;
  if (options === null) throw new Error(`${desired.address} has no stack set options`);
  const protection = desired.terminationProtection
    ? [
        errorAt(desired, ['spec', 'terminationProtection'], {
          code: 'EK5004',
          message: 'CloudFormation gives the stacks of a stack set no termination protection',
          remedy: `remove terminationProtection, or ${byStack(desired)}`,
        }),
      ]
    : [];
  const shared = [...protection, ...checkOneSetOfTags(desired, deployments)];
  return options.permissionModel === 'SERVICE_MANAGED'
    ? [...shared, ...checkServiceManaged(desired, artifact, deployments, managementAccount)]
    : [...shared, ...checkSelfManaged(desired)];
}

/** How the manifest would be deployed stack by stack. */
function byStack({ kind }: Desired): string {
  return kind === 'StackSet' ? 'deploy it as a Stack' : 'write via: stack';
}

function checkOneSetOfTags(desired: Desired, deployments: readonly Deployment[]): Diagnostic[] {
  const texts = new Set(deployments.map((deployment) => canonicalJson(deployment.tags)));
  if (texts.size <= 1) return [];
  return [
    errorAt(desired, ['spec', 'tags'], {
      code: 'EK5005',
      message: 'the tags differ between targets, and a stack set gives all of its stacks the same',
      remedy: `leave references to the account or the Region out of tags, or ${byStack(desired)}`,
    }),
  ];
}

function checkServiceManaged(
  desired: Desired,
  artifact: Artifact,
  deployments: readonly Deployment[],
  managementAccount: AccountId | null,
): Diagnostic[] {
  const findings: Diagnostic[] = [];
  const permissionModel = ['spec', 'permissionModel'];
  if (artifact.transforms.length > 0) {
    findings.push(
      errorAt(desired, permissionModel, {
        code: 'EK5001',
        message: `the template uses ${artifact.transforms.join(', ')}, and a service-managed stack set takes no transforms`,
        remedy: `write permissionModel: self-managed, ${byStack(desired)}, or use the expanded template`,
      }),
    );
  }
  const nested = Object.entries(artifact.resourceTypes).filter(([, type]) => type === 'AWS::CloudFormation::Stack');
  if (nested.length > 0) {
    findings.push(
      errorAt(desired, permissionModel, {
        code: 'EK5001',
        message: `the template nests stacks (${nested.map(([id]) => id).join(', ')}), which a service-managed stack set does not take`,
        remedy: `write permissionModel: self-managed, or ${byStack(desired)}`,
      }),
    );
  }
  if (managementAccount !== null && deployments.some(({ target }) => target.account === managementAccount)) {
    findings.push(
      errorAt(desired, ['spec', 'targets'], {
        code: 'EK5002',
        message: `the targets include the management account ${managementAccount}, to which a service-managed stack set never deploys`,
        remedy: `write except: { accounts: ["${managementAccount}"] }, and deploy to it by a Stack`,
      }),
    );
  }
  for (const role of ['administrationRoleArn', 'executionRoleName'] as const) {
    if (desired.stackSet![role] !== null) {
      findings.push(
        errorAt(desired, ['spec', role], {
          code: 'EK5003',
          message: `${role} belongs to self-managed stack sets; a service-managed one runs under roles that AWS makes`,
          remedy: `remove ${role}`,
        }),
      );
    }
  }
  return findings;
}

function checkSelfManaged(desired: Desired): Diagnostic[] {
  const findings: Diagnostic[] = [];
  if (desired.stackSet!.autoDeployment !== null) {
    findings.push(
      errorAt(desired, ['spec', 'autoDeployment'], {
        code: 'EK5003',
        message: 'autoDeployment belongs to service-managed stack sets',
        remedy: 'remove autoDeployment: the next reconcile reaches new accounts anyway',
      }),
    );
  }
  if (desired.stackSet!.callAs === 'DELEGATED_ADMIN') {
    findings.push(
      errorAt(desired, ['spec', 'callAs'], {
        code: 'EK5003',
        message: 'callAs: DELEGATED_ADMIN belongs to service-managed stack sets',
        remedy: 'remove callAs',
      }),
    );
  }
  return findings;
}
