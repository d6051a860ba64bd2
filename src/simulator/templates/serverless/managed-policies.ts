/** Managed policies of AWS that a plain name may stand for, by the path in their ARNs. */
const NAMES: Readonly<Record<string, string>> = {
  '': [
    'AdministratorAccess PowerUserAccess ReadOnlyAccess SecurityAudit AWSDenyAll SecretsManagerReadWrite AWSKeyManagementServicePowerUser',
    'IAMAccessAdvisorReadOnly IAMAccessAnalyzerFullAccess IAMAccessAnalyzerReadOnlyAccess IAMFullAccess IAMReadOnlyAccess',
    'AWSOrganizationsFullAccess AWSOrganizationsReadOnlyAccess AWSAccountManagementFullAccess AWSAccountManagementReadOnlyAccess',
    'AWSResourceAccessManagerFullAccess AWSResourceAccessManagerReadOnlyAccess AWSSSOReadOnly AWSSSODirectoryReadOnly',
    'AWSSecurityHubFullAccess AWSSecurityHubOrganizationsAccess AWSSecurityHubReadOnlyAccess AmazonGuardDutyReadOnlyAccess',
    'AmazonInspector2FullAccess AmazonInspector2ReadOnlyAccess AmazonMacieFullAccess AmazonMacieReadOnlyAccess AmazonDetectiveFullAccess',
    'AWSConfigUserAccess AWSCloudTrail_FullAccess AWSCloudTrail_ReadOnlyAccess AWSWAFFullAccess AWSWAFReadOnlyAccess AWSSupportAccess',
    'AWSCertificateManagerFullAccess AWSCertificateManagerReadOnly AWSHealthFullAccess AWSCloudFormationFullAccess AWSCloudFormationReadOnlyAccess',
    'AWSBackupFullAccess AWSBackupOperatorAccess AWSBackupServiceRolePolicyForS3Backup AWSBackupServiceRolePolicyForS3Restore',
    'AWSLambda_FullAccess AWSLambda_ReadOnlyAccess AWSLambdaExecute AWSStepFunctionsFullAccess AWSStepFunctionsReadOnlyAccess',
    'AWSXRayDaemonWriteAccess AWSXrayFullAccess AWSXrayReadOnlyAccess AWSXrayWriteOnlyAccess CloudWatchLambdaInsightsExecutionRolePolicy',
    'CloudWatchAgentServerPolicy CloudWatchFullAccess CloudWatchReadOnlyAccess CloudWatchLogsFullAccess CloudWatchLogsReadOnlyAccess',
    'CloudWatchEventsFullAccess CloudWatchEventsReadOnlyAccess AmazonEventBridgeFullAccess AmazonEventBridgeReadOnlyAccess',
    'AmazonS3FullAccess AmazonS3ReadOnlyAccess AmazonDynamoDBFullAccess AmazonDynamoDBReadOnlyAccess AmazonAthenaFullAccess',
    'AmazonSNSFullAccess AmazonSNSReadOnlyAccess AmazonSQSFullAccess AmazonSQSReadOnlyAccess AmazonSESFullAccess AmazonSESReadOnlyAccess',
    'AmazonKinesisFullAccess AmazonKinesisReadOnlyAccess AmazonKinesisFirehoseFullAccess AmazonKinesisFirehoseReadOnlyAccess',
    'AmazonEC2FullAccess AmazonEC2ReadOnlyAccess AmazonVPCFullAccess AmazonVPCReadOnlyAccess AmazonECS_FullAccess AmazonRDSFullAccess',
    'AmazonRDSReadOnlyAccess AmazonRDSDataFullAccess AmazonRedshiftFullAccess AmazonRedshiftReadOnlyAccess AmazonElastiCacheFullAccess',
    'AmazonEC2ContainerRegistryFullAccess AmazonEC2ContainerRegistryPowerUser AmazonEC2ContainerRegistryReadOnly',
    'AmazonElasticFileSystemClientFullAccess AmazonElasticFileSystemClientReadWriteAccess AmazonElasticFileSystemFullAccess',
    'AmazonSSMFullAccess AmazonSSMReadOnlyAccess AmazonSSMManagedInstanceCore AmazonRoute53FullAccess AmazonRoute53ReadOnlyAccess',
    'AmazonOpenSearchServiceFullAccess AmazonOpenSearchServiceReadOnlyAccess AmazonESFullAccess AmazonESReadOnlyAccess',
    'AmazonAPIGatewayAdministrator AmazonAPIGatewayInvokeFullAccess AmazonCognitoPowerUser AmazonCognitoReadOnly',
    'AWSCodeBuildAdminAccess AWSCodeBuildReadOnlyAccess AWSCodeCommitFullAccess AWSCodeCommitReadOnly AWSCodeDeployFullAccess',
    'AWSCodePipeline_FullAccess AWSCodePipeline_ReadOnlyAccess AWSGlueConsoleFullAccess AWSIoTDataAccess AWSIoTFullAccess',
    'ResourceGroupsandTagEditorFullAccess ResourceGroupsandTagEditorReadOnlyAccess AWSMarketplaceFullAccess',
  ].join(' '),
  'service-role/':
    'AWSLambdaBasicExecutionRole AWSLambdaDynamoDBExecutionRole AWSLambdaENIManagementAccess AWSLambdaKinesisExecutionRole AWSLambdaMSKExecutionRole AWSLambdaRole AWSLambdaSQSQueueExecutionRole AWSLambdaVPCAccessExecutionRole AWSCodeDeployRole AWSCodeDeployRoleForLambda AWSCodeDeployRoleForLambdaLimited AWSConfigRoleForOrganizations AWSConfigRulesExecutionRole AWS_ConfigRole AWSBackupServiceRolePolicyForBackup AWSBackupServiceRolePolicyForRestores AWSGlueServiceRole AWSIoTLogging AWSIoTRuleActions AmazonAPIGatewayPushToCloudWatchLogs AWSAppSyncPushToCloudWatchLogs AmazonECSTaskExecutionRolePolicy AmazonEC2RoleforSSM AmazonRDSEnhancedMonitoringRole AmazonS3ObjectLambdaExecutionRolePolicy AmazonSNSRole AmazonSSMAutomationRole AmazonSSMMaintenanceWindowRole CloudWatchEventsBuiltInTargetExecutionAccess CloudWatchEventsInvocationAccess AWSShieldDRTAccessPolicy AWSTransferLoggingAccess',
  'job-function/':
    'Billing DatabaseAdministrator DataScientist NetworkAdministrator SupportUser SystemAdministrator ViewOnlyAccess',
};

const PATH_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(NAMES).flatMap(([path, names]) => names.split(' ').map((name) => [name, path] as const)),
);

/** The ARN of a managed policy of AWS that is named with its path. */
export const awsPolicy = (partition: string, pathAndName: string): string =>
  `arn:${partition}:iam::aws:policy/${pathAndName}`;

/** The ARN that a plain name stands for; undefined for a name that is not written down here. */
export function namedPolicy(partition: string, name: string): string | undefined {
  const path = PATH_OF.get(name);
  return path === undefined ? undefined : awsPolicy(partition, `${path}${name}`);
}
