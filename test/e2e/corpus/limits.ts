/** Why a template cannot be deployed as the corpus has it. */
export type Limit = {
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** What AWS answers, in part. */
  readonly answer: string;
  readonly reason: string;
};

const NOT_PACKAGED = {
  parameters: {},
  answer: "'CodeUri' is not a valid S3 Uri",
  reason: 'its code is a folder on its author’s disk until it is packaged',
};

/** A function whose code is beside its template does not even say so; AWS's answer to that is the one for two codes. */
const NO_CODE = {
  parameters: {},
  answer: "Only one of 'InlineCode' or 'CodeUri' can be set.",
  reason: 'its code is the folder of the template until it is packaged',
};

/** By path inside the corpus. Those that are in EXPECTED too stand once they are as their publisher builds them. */
export const LIMITS: Readonly<Record<string, Limit>> = {
  'amazon-cloudfront-access-logs-queries/template.yaml': { name: 'unpackaged-access-logs-queries', ...NOT_PACKAGED },
  'cloudwatch-logs-janitor/template.yaml': { name: 'unpackaged-logs-janitor', ...NOT_PACKAGED },
  'lambda-janitor/template-1.5.0.yml': { name: 'unpackaged-lambda-janitor-1-5-0', ...NO_CODE },
  'lambda-janitor/template.yml': { name: 'unpackaged-lambda-janitor', ...NO_CODE },
  'aws-waf-security-automations/aws-waf-security-automations.template': {
    name: 'unbuilt-waf',
    parameters: { AppAccessLogBucket: 'app-access-logs' },
    answer: 'WebACLStack (AWS::CloudFormation::Stack): TemplateURL must be a supported URL.',
    reason: 'the bucket of its nested templates is a placeholder until it is built',
  },
  'automated-security-response-on-aws/member.template.json': {
    name: 'response-member',
    parameters: { Namespace: 'evenkeel', SecHubAdminAccount: '111122223333', LogGroupName: 'cloudtrail-events' },
    answer: 'RunbookStackNoRoles (AWS::CloudFormation::Stack): S3 error',
    reason: 'the nested template of its runbooks is in its publisher’s bucket only, and always asked for',
  },
  'automated-security-response-on-aws/orchestrator.template.json': {
    name: 'response-orchestrator',
    parameters: {},
    answer: "Mapping named 'SourceCode' is not present",
    reason: 'it is a part of the admin template, and refers to a mapping that stands only there',
  },
};
