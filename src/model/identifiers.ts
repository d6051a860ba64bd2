/** Branded strings: a value of one kind cannot stand where another is meant. They are made at the borders and trusted inside. */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** Twelve digits. */
export type AccountId = Branded<'AccountId'>;
export type Region = Branded<'Region'>;
export type Partition =
  'aws' | 'aws-us-gov' | 'aws-cn' | 'aws-iso' | 'aws-iso-b' | 'aws-iso-e' | 'aws-iso-f' | 'aws-eusc';
/** `ou-…` or the root's `r-…`. */
export type OrganizationalUnitId = Branded<'OrganizationalUnitId'>;
/** 64 lower-case hex digits. */
export type Sha256 = Branded<'Sha256'>;
/** A Git commit id, or `content-` and the first 40 hex digits of a folder's SHA-256. */
export type Revision = Branded<'Revision'>;
export type LogicalId = Branded<'LogicalId'>;
/** `[a-zA-Z][-a-zA-Z0-9]{0,127}`, for stacks and stack sets alike. */
export type StackName = Branded<'StackName'>;
/** `[a-zA-Z0-9][-a-zA-Z0-9]{0,127}`: what AWS takes as ClientRequestToken and OperationId. */
export type Token = Branded<'Token'>;
export type RunId = Branded<'RunId'>;

/** CloudFormation's three and SAR's fourth, which CloudFormation neither returns nor accepts. */
export type Capability =
  'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | 'CAPABILITY_AUTO_EXPAND' | 'CAPABILITY_RESOURCE_POLICY';

export const ACCOUNT_ID = /^\d{12}$/;
export const REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
export const STACK_NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;
export const TOKEN = /^[a-zA-Z0-9][-a-zA-Z0-9]{0,127}$/;
