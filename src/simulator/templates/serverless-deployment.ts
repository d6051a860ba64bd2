import { isObject, type Json, type JsonObject } from './json.js';
import { managedPolicy, serviceRole } from './serverless-role.js';

const APPLICATION = 'ServerlessDeploymentApplication';
const SERVICE_ROLE = 'CodeDeployServiceRole';

/** CodeDeploy's own share of gradual deployments; the application and the role are one for all functions of a template. */
export function deployment(
  logicalId: string,
  preference: JsonObject,
): { readonly resources: Readonly<Record<string, JsonObject>>; readonly aliasPolicy: JsonObject } {
  const group = `${logicalId}DeploymentGroup`;
  const { Alarms, Hooks, Role, Type } = preference;
  const hooks = isObject(Hooks) ? Hooks : {};
  return {
    aliasPolicy: {
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: APPLICATION },
        DeploymentGroupName: { Ref: group },
        ...(hooks['PreTraffic'] === undefined ? {} : { BeforeAllowTrafficHook: hooks['PreTraffic'] }),
        ...(hooks['PostTraffic'] === undefined ? {} : { AfterAllowTrafficHook: hooks['PostTraffic'] }),
      },
    },
    resources: {
      [APPLICATION]: { Type: 'AWS::CodeDeploy::Application', Properties: { ComputePlatform: 'Lambda' } },
      ...(Role === undefined
        ? {
            [SERVICE_ROLE]: serviceRole('codedeploy.amazonaws.com', {
              ManagedPolicyArns: [managedPolicy('service-role/AWSCodeDeployRoleForLambda')],
            }),
          }
        : {}),
      [group]: {
        Type: 'AWS::CodeDeploy::DeploymentGroup',
        Properties: {
          ApplicationName: { Ref: APPLICATION },
          AutoRollbackConfiguration: {
            Enabled: true,
            Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
          },
          DeploymentConfigName: configuration(Type ?? 'AllAtOnce'),
          DeploymentStyle: { DeploymentOption: 'WITH_TRAFFIC_CONTROL', DeploymentType: 'BLUE_GREEN' },
          ServiceRoleArn: Role ?? { 'Fn::GetAtt': [SERVICE_ROLE, 'Arn'] },
          ...(Array.isArray(Alarms)
            ? { AlarmConfiguration: { Enabled: true, Alarms: (Alarms as readonly Json[]).map((Name) => ({ Name })) } }
            : {}),
        },
      },
    },
  };
}

const configuration = (type: Json): Json => ({
  'Fn::Sub': ['CodeDeployDefault.Lambda${ConfigName}', { ConfigName: type }],
});
