import * as z from 'zod';
import { STACK_NAME } from '../../model/identifiers.js';
import { PARTITIONS } from '../../model/partitions.js';

/** A pattern's message is the remedy: what to write, in the imperative. */
const text = (pattern: RegExp, remedy: string) => z.string().regex(pattern, remedy);

export const Name = text(
  /^[a-z][a-z0-9-]{0,62}$/,
  'write a lower-case letter and at most 62 more lower-case letters, digits or hyphens',
);

export const Text = z.string().min(1).max(1024);

/** By the form of its name, because Regions open more often than this is released; a direction is what most often is misspelt. */
export const RegionName = text(
  /^[a-z]{2,4}(-[a-z]+)?-(central|(north|south)(east|west)?|east|west)-\d{1,2}$/,
  'write a Region such as us-east-1',
);

export const PartitionName = z.enum(PARTITIONS);

export const StackNameText = text(STACK_NAME, 'write a letter and at most 127 more letters, digits or hyphens');

export const AccountReference = z.string().min(1).max(50);

/** A glob with few wildcards only: its regular expression must not take long over any path. */
export const OrganizationalUnitReference = z
  .string()
  .max(512)
  .regex(
    /^(?:\/|(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})(?:\/\*\*)?$)/,
    'write a path from the root such as /Workloads/** or an id such as ou-ab12-11111111',
  )
  .regex(/^[^*?]*(?:[*?]+[^*?]*){0,4}$/, 'use at most four wildcards');

export const Percentage = text(/^(100|[1-9]?\d)%$/, 'write a percentage from 0% to 100%');
const PositivePercentage = text(/^(100|[1-9]\d?)%$/, 'write a percentage from 1% to 100%');

export const Concurrency = z.union([z.int().min(1), PositivePercentage]);
export const Tolerance = z.union([z.int().min(0), Percentage]);

export const Duration = text(/^[1-9]\d{0,4}[mhd]$/, 'write a number and m, h or d, such as 24h');

/** A date, or a date and a time with its zone; one that the calendar has. */
export const Moment = text(
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2}))?$/,
  'write a date such as 2026-12-20, or a time such as 2026-12-20T18:00:00Z',
).refine(inCalendar, 'write a date that the calendar has');

function inCalendar(moment: string): boolean {
  const day = moment.slice(0, 10);
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return (
    !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day) && !Number.isNaN(Date.parse(moment))
  );
}

export const RoleName = text(/^[\w+=,.@-]{1,64}$/, 'write the role’s name without its path');

/** IAM's own limits for an external id. */
export const ExternalId = text(/^[\w+=,.@:/-]{2,1224}$/, 'write 2 to 1224 letters, digits or +=,.@:/-');

export const PermissionsBoundary = text(
  /^(?:arn:[a-z-]+:iam::(?:\d{12}|aws):policy\/[\w+=,.@/-]{1,640}|[\w+=,.@/-]{1,640})$/,
  'write the name of a managed policy, or its ARN',
);

/** CloudFormation's limit for a parameter's value, in characters. */
const ParameterText = z.string().max(4096);

export const Parameters = z.record(
  text(/^[a-zA-Z0-9]{1,255}$/, 'write letters and digits only, as CloudFormation does'),
  ParameterText,
);

export const Tags = z.record(
  text(
    /^(?!(?:aws|evenkeel):)[\p{L}\p{Z}\p{N}_.:/=+@-]{1,128}$/iu,
    'write at most 128 letters, digits, spaces or _.:/=+-@, not beginning with aws: or evenkeel:',
  ),
  z.string().max(256),
);

/** Relative to the desired-state folder, and never above it. */
export const TemplatePath = z
  .string()
  .max(512)
  .regex(
    /^(?!\/)(?![a-zA-Z][a-zA-Z0-9+.-]*:)[^\\\0]+$/,
    'write a path relative to the desired-state folder, such as templates/x.yaml',
  )
  .refine(
    (path) => path.split('/').every((step) => step !== '' && step !== '.' && step !== '..'),
    'write a path that stays in the desired-state folder, without . or .. steps',
  );
