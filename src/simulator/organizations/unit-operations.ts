import { AwsError, type SimulatedUnit } from '../kernel/contract.js';
import type { Guarded, Organizations } from './context.js';
import type { OrganizationTree } from './organization-tree.js';
import { pageOf, type PageRequest } from './page.js';
import { constraintViolated, invalidInput, parentNotFound } from './refusal.js';
import { type Tag, tagMap } from './tags.js';
import { unitView } from './view.js';

type Listing = PageRequest & { readonly ParentId: string };
type CreateInput = { readonly ParentId: string; readonly Name: string; readonly Tags?: readonly Tag[] };

type UpdateInput = { readonly OrganizationalUnitId: string; readonly Name?: string };

const DEEPEST_LEVEL = 5;
const MOST_UNITS = 2_000;

/** Organizational units, and who is whose parent. */
export function unitOperations(context: Organizations): Readonly<Record<string, Guarded>> {
  const { tree } = context;
  return {
    CreateOrganizationalUnit: { audience: 'management', handler: (input: CreateInput) => create(context, input) },
    DescribeOrganizationalUnit: {
      audience: 'readers',
      handler: (input: UpdateInput) => ({ OrganizationalUnit: unitView(context, unitOf(tree, input)) }),
    },
    UpdateOrganizationalUnit: { audience: 'management', handler: (input: UpdateInput) => rename(context, input) },
    DeleteOrganizationalUnit: { audience: 'management', handler: (input: UpdateInput) => remove(tree, input) },
    ListOrganizationalUnitsForParent: {
      audience: 'readers',
      handler: (input: Listing) => {
        if (!tree.isParent(input.ParentId)) throw parentNotFound();
        const { items, next } = pageOf(`units/${input.ParentId}`, tree.unitsIn(input.ParentId), input);
        return { OrganizationalUnits: items.map((unit) => unitView(context, unit)), ...next };
      },
    },
    ListChildren: {
      audience: 'readers',
      handler: (input: Listing & { readonly ChildType: string }) => {
        if (!tree.isParent(input.ParentId)) throw parentNotFound();
        const { items, next } = pageOf(`children/${input.ChildType}/${input.ParentId}`, childIds(tree, input), input);
        return { Children: items.map((Id) => ({ Id, Type: input.ChildType })), ...next };
      },
    },
    ListParents: {
      audience: 'readers',
      handler: (input: PageRequest & { readonly ChildId: string }) => {
        const parentId = (tree.accounts.get(input.ChildId) ?? tree.units.get(input.ChildId))?.parentId;
        if (parentId == null)
          throw new AwsError(
            'ChildNotFoundException',
            "We can't find an organizational unit or account with the ChildId that you specified.",
          );
        const parent = { Id: parentId, Type: parentId === tree.rootId ? 'ROOT' : 'ORGANIZATIONAL_UNIT' };
        const { items, next } = pageOf(`parents/${input.ChildId}`, [parent], input);
        return { Parents: items, ...next };
      },
    },
  };
}

function childIds(
  tree: OrganizationTree,
  input: { readonly ParentId: string; readonly ChildType: string },
): readonly string[] {
  switch (input.ChildType) {
    case 'ACCOUNT':
      return tree.accountsIn(input.ParentId).map((account) => account.id);
    case 'ORGANIZATIONAL_UNIT':
      return tree.unitsIn(input.ParentId).map((unit) => unit.id);
    default:
      throw invalidInput('INVALID_ENUM', 'You specified an invalid value for ChildType.');
  }
}

function create(
  context: Organizations,
  input: CreateInput,
): { readonly OrganizationalUnit: ReturnType<typeof unitView> } {
  const { tree, ids } = context;
  if (!tree.isParent(input.ParentId)) throw parentNotFound();
  if (input.Name.length < 1 || input.Name.length > 128)
    throw invalidInput('MAX_LENGTH_EXCEEDED', 'The name of an organizational unit has 1 to 128 characters.');
  if (levelOf(tree, input.ParentId) >= DEEPEST_LEVEL)
    throw constraintViolated('OU_DEPTH_LIMIT_EXCEEDED', 'The organizational unit would be nested too deeply.');
  if (tree.units.size >= MOST_UNITS)
    throw constraintViolated('OU_NUMBER_LIMIT_EXCEEDED', 'The organization has as many units as it may have.');
  if (tree.unitsIn(input.ParentId).some((unit) => unit.name === input.Name)) throw duplicate();
  const unit: SimulatedUnit = {
    id: ids.unit(tree.rootId!),
    name: input.Name,
    parentId: input.ParentId,
    tags: tagMap(input.Tags ?? []),
  };
  tree.addUnit(unit);
  return { OrganizationalUnit: unitView(context, unit) };
}

function unitOf(tree: OrganizationTree, { OrganizationalUnitId }: UpdateInput): SimulatedUnit {
  const unit = tree.units.get(OrganizationalUnitId);
  if (unit === undefined)
    throw new AwsError(
      'OrganizationalUnitNotFoundException',
      "You specified an organizational unit that doesn't exist.",
    );
  return unit;
}

function rename(context: Organizations, input: UpdateInput) {
  const { tree } = context;
  const unit = unitOf(tree, input);
  const name = input.Name ?? unit.name;
  if (tree.unitsIn(unit.parentId!).some((sibling) => sibling !== unit && sibling.name === name)) throw duplicate();
  unit.name = name;
  return { OrganizationalUnit: unitView(context, unit) };
}

function remove(tree: OrganizationTree, input: UpdateInput): Record<string, never> {
  const { id } = unitOf(tree, input);
  if (tree.unitsIn(id).length > 0 || tree.accountsIn(id).length > 0)
    throw new AwsError('OrganizationalUnitNotEmptyException', 'The specified OU is not empty.');
  tree.removeUnit(id);
  return {};
}

const duplicate = (): AwsError =>
  new AwsError('DuplicateOrganizationalUnitException', 'An OU with the same name already exists.');

/** How many units stand between the root and here, this one included. */
function levelOf(tree: OrganizationTree, id: string): number {
  const unit = tree.units.get(id);
  return unit === undefined ? 0 : 1 + levelOf(tree, unit.parentId ?? '');
}
