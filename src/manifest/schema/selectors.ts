import * as z from 'zod';
import { AccountReference, OrganizationalUnitReference, Parameters, PartitionName, RegionName } from './scalars.js';
import { advice, strict } from './strict.js';

const Regions = z.array(RegionName).min(1);
const Partitions = z.array(PartitionName).min(1);

const accountConditions = {
  all: z.literal(true).optional(),
  accounts: z.array(AccountReference).min(1).optional(),
  organizationalUnits: z.array(OrganizationalUnitReference).min(1).optional(),
  tags: z.record(z.string().min(1).max(128), z.array(z.string().max(256)).min(1)).optional(),
};

type AccountConditions = { readonly [Key in keyof typeof accountConditions]?: unknown };

/** A selector that names no accounts is taken for a slip, not for all of them. */
const namesAccounts = (selector: AccountConditions): boolean =>
  Object.keys(accountConditions).some((key) => selector[key as keyof AccountConditions] !== undefined);

const noAccounts = advice(
  'the selector says nothing about accounts',
  'add accounts, organizationalUnits or tags, or write all: true',
);

const saysSomething = (selector: object): boolean => Object.keys(selector).length > 0;

const Except = strict({ ...accountConditions, regions: Regions.optional() }).refine(
  saysSomething,
  advice('the exception is empty', 'add a condition, or remove it'),
);

/** Accounts alone, without Regions: a wave. */
export const WaveSelector = strict(accountConditions).refine(namesAccounts, noAccounts);

export const Target = strict({
  ...accountConditions,
  regions: Regions,
  partitions: Partitions.optional(),
  except: Except.optional(),
}).refine(namesAccounts, noAccounts);

export const Override = strict({
  where: strict({
    ...accountConditions,
    regions: Regions.optional(),
    partitions: Partitions.optional(),
    except: Except.optional(),
  }).refine(
    saysSomething,
    advice('the override says nothing about where', 'add a condition, or set the parameter above'),
  ),
  parameters: Parameters,
});
