import { AwsError, type Call } from '../kernel/contract.js';
import type { Guarded, Organizations } from './context.js';
import { foundOrganization, freshAccount } from './identity.js';
import { pageOf, type PageRequest } from './page.js';
import { constraintViolated, invalidInput } from './refusal.js';
import { type Tag, tagList, tagMap, tagsOf } from './tags.js';
import { organizationView, rootView } from './view.js';

const MOST_TAGS = 50;

type Resource = { readonly ResourceId: string };

/** The organization itself, its root, and tags on anything in it. */
export function organizationOperations(context: Organizations): Readonly<Record<string, Guarded>> {
  const { tree } = context;
  return {
    CreateOrganization: {
      audience: 'anybody',
      handler: (input: { readonly FeatureSet?: string }, call) => create(context, input, call),
    },
    DescribeOrganization: { audience: 'members', handler: () => ({ Organization: organizationView(context) }) },
    ListRoots: {
      audience: 'readers',
      handler: (input: PageRequest) => {
        const { items, next } = pageOf('roots', [rootView(context)], input);
        return { Roots: items, ...next };
      },
    },
    ListTagsForResource: {
      audience: 'readers',
      handler: (input: Resource & { readonly NextToken?: string }) => {
        const { items, next } = pageOf(`tags/${input.ResourceId}`, tagList(tagsOf(tree, input.ResourceId)), {
          ...(input.NextToken === undefined ? {} : { NextToken: input.NextToken }),
        });
        return { Tags: items, ...next };
      },
    },
    TagResource: {
      audience: 'management',
      handler: (input: Resource & { readonly Tags: readonly Tag[] }) => {
        const tags = tagsOf(tree, input.ResourceId);
        const added = tagMap(input.Tags);
        if (new Set([...tags.keys(), ...added.keys()]).size > MOST_TAGS)
          throw constraintViolated(
            'MAX_TAG_LIMIT_EXCEEDED',
            'You have exceeded the number of tags allowed on this resource.',
          );
        for (const [key, value] of added) tags.set(key, value);
        return {};
      },
    },
    UntagResource: {
      audience: 'management',
      handler: (input: Resource & { readonly TagKeys: readonly string[] }) => {
        const tags = tagsOf(tree, input.ResourceId);
        for (const key of input.TagKeys) tags.delete(key);
        return {};
      },
    },
  };
}

function create(context: Organizations, input: { readonly FeatureSet?: string }, call: Call) {
  const { tree, ids, clock } = context;
  const { accountId } = call.principal;
  if (input.FeatureSet !== undefined && input.FeatureSet !== 'ALL' && input.FeatureSet !== 'CONSOLIDATED_BILLING') {
    throw invalidInput('INVALID_ENUM', 'You specified an invalid value for FeatureSet.');
  }
  if (tree.accounts.get(accountId)?.parentId != null) {
    throw new AwsError(
      'AlreadyInOrganizationException',
      'The provided account is already a member of an organization.',
    );
  }
  if (tree.organizationId !== null) throw new AwsError('NotImplemented', 'One simulator holds one organization.', 501);
  const known = tree.accounts.get(accountId);
  foundOrganization(
    tree,
    ids,
    known ?? freshAccount(clock, { id: accountId, name: 'management', email: `management+${accountId}@example.com` }),
  );
  return { Organization: organizationView(context) };
}
