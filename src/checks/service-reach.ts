import type { Partition, Region } from '../model/identifiers.js';

/** Where AWS makes a kind of resource. What is not listed is taken to be everywhere: a service opens in a Region more often than this is released. */
export type Reach = {
  /** What a type begins with, or the whole of it. */
  readonly types: string;
  /** A property that must have this value for the rule to count; null where it always does. */
  readonly when: { readonly property: string; readonly value: string } | null;
  readonly partitions: readonly Partition[];
  /** Partition → the only Regions in which it is made; a partition that is not listed has no such limit. */
  readonly regions: Readonly<Partial<Record<Partition, readonly Region[]>>>;
  readonly remedy: string;
};

const region = (name: string): Region => name as Region;
const only = (types: string, partitions: readonly Partition[], remedy: string): Reach => ({
  types,
  when: null,
  partitions,
  regions: {},
  remedy,
});
const GLOBAL_WAF = ['WebACL', 'IPSet', 'RegexPatternSet', 'RuleGroup'].map((name): Reach => ({
  types: `AWS::WAFv2::${name}`,
  when: { property: 'Scope', value: 'CLOUDFRONT' },
  partitions: ['aws'],
  regions: { aws: [region('us-east-1')] },
  remedy: 'select us-east-1 alone, where AWS WAF keeps what belongs to CloudFront, or choose the Regional scope',
}));
const HOME: Reach['regions'] = { aws: [region('us-east-1')] };

export const REACHES: readonly Reach[] = [
  ...GLOBAL_WAF,
  only('AWS::CloudFront::', ['aws', 'aws-cn'], 'deploy it from an installation of the partition aws'),
  only('AWS::GlobalAccelerator::', ['aws'], 'leave the accelerator out in this partition'),
  only('AWS::Shield::', ['aws'], 'leave AWS Shield Advanced out in this partition'),
  only('AWS::Serverless::Application', ['aws', 'aws-cn', 'aws-us-gov'], 'nest the template itself'),
  {
    types: 'AWS::ECR::PublicRepository',
    when: null,
    partitions: ['aws'],
    regions: HOME,
    remedy: 'select us-east-1 alone, or use a private repository',
  },
  {
    types: 'AWS::CUR::ReportDefinition',
    when: null,
    partitions: ['aws', 'aws-cn'],
    regions: { aws: [region('us-east-1')], 'aws-cn': [region('cn-northwest-1')] },
    remedy: 'select only the Region in which AWS keeps cost and usage reports',
  },
];

/** A service that AWS has shut down: what its types begin with, since when (ISO date), and what takes its place. */
export type Retired = { readonly types: string; readonly since: string; readonly instead: string };

export const RETIRED: readonly Retired[] = [
  { types: 'AWS::KinesisAnalytics::', since: '2026-01-27', instead: 'Managed Service for Apache Flink' },
  { types: 'AWS::QLDB::', since: '2025-07-31', instead: 'Aurora PostgreSQL' },
  { types: 'AWS::OpsWorks::', since: '2024-05-26', instead: 'Systems Manager' },
  { types: 'AWS::CodeStar::', since: '2024-07-31', instead: 'CodeCatalyst or CodePipeline' },
  { types: 'AWS::RoboMaker::', since: '2025-09-10', instead: 'AWS Batch' },
];
