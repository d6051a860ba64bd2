import { AwsError } from '../kernel/contract.js';
import type { Guarded, Organizations } from './context.js';
import { pageOf, type PageRequest } from './page.js';
import { accountNotFound, constraintViolated, invalidInput } from './refusal.js';
import { accountView } from './view.js';

type Delegation = { readonly AccountId: string; readonly ServicePrincipal: string };

/** Trusted access for AWS services, and the member accounts that administer them. */
export function trustOperations(context: Organizations): Readonly<Record<string, Guarded>> {
  const { tree } = context;
  const foundedAt = () => tree.accounts.get(tree.managementAccountId!)!.joinedAt;
  return {
    EnableAWSServiceAccess: {
      audience: 'management',
      handler: ({ ServicePrincipal }: { readonly ServicePrincipal: string }) => {
        if (!/^[\w.-]+\.amazonaws\.com$/.test(ServicePrincipal)) {
          throw invalidInput('UNRECOGNIZED_SERVICE_PRINCIPAL', 'You specified an unrecognized service principal.');
        }
        tree.trustedServices.add(ServicePrincipal);
        return {};
      },
    },
    DisableAWSServiceAccess: {
      audience: 'management',
      handler: ({ ServicePrincipal }: { readonly ServicePrincipal: string }) => {
        tree.trustedServices.delete(ServicePrincipal);
        return {};
      },
    },
    ListAWSServiceAccessForOrganization: {
      audience: 'readers',
      handler: (input: PageRequest) => {
        const { items, next } = pageOf('trusted-services', [...tree.trustedServices], input);
        return {
          EnabledServicePrincipals: items.map((ServicePrincipal) => ({ ServicePrincipal, DateEnabled: foundedAt() })),
          ...next,
        };
      },
    },
    RegisterDelegatedAdministrator: {
      audience: 'management',
      handler: (input: Delegation) => register(context, input),
    },
    DeregisterDelegatedAdministrator: {
      audience: 'management',
      handler: (input: Delegation) => deregister(context, input),
    },
    ListDelegatedServicesForAccount: {
      audience: 'readers',
      handler: (input: PageRequest & { readonly AccountId: string }) => {
        const services = [...servicesOf(context, input.AccountId)];
        const { items, next } = pageOf(`delegated-services/${input.AccountId}`, services, input);
        return {
          DelegatedServices: items.map((ServicePrincipal) => ({
            ServicePrincipal,
            DelegationEnabledDate: foundedAt(),
          })),
          ...next,
        };
      },
    },
    ListDelegatedAdministrators: {
      audience: 'readers',
      handler: (input: PageRequest & { readonly ServicePrincipal?: string }) => {
        const administers = (services: ReadonlySet<string>) =>
          input.ServicePrincipal === undefined || services.has(input.ServicePrincipal);
        const ids = [...tree.delegatedAdministrators]
          .filter(([, services]) => services.size > 0 && administers(services))
          .map(([id]) => id);
        const { items, next } = pageOf(`administrators/${input.ServicePrincipal ?? ''}`, ids, input);
        const administrators = items.map((id) => ({
          ...accountView(context, tree.accounts.get(id)!),
          DelegationEnabledDate: foundedAt(),
        }));
        return { DelegatedAdministrators: administrators, ...next };
      },
    },
  };
}

function register({ tree }: Organizations, { AccountId, ServicePrincipal }: Delegation): Record<string, never> {
  const account = tree.accounts.get(AccountId);
  if (account === undefined || account.parentId === null) throw accountNotFound();
  if (AccountId === tree.managementAccountId) {
    throw constraintViolated(
      'CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register the management account.',
    );
  }
  if (account.state !== 'ACTIVE') {
    throw constraintViolated(
      'CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR',
      'You cannot register a suspended account.',
    );
  }
  if (!tree.trustedServices.has(ServicePrincipal)) {
    throw constraintViolated('SERVICE_ACCESS_NOT_ENABLED', 'You must enable service access first.');
  }
  const services = tree.delegatedAdministrators.get(AccountId) ?? new Set<string>();
  if (services.has(ServicePrincipal)) {
    throw new AwsError(
      'AccountAlreadyRegisteredException',
      'The specified account is already a delegated administrator for this AWS service.',
    );
  }
  tree.delegatedAdministrators.set(AccountId, services.add(ServicePrincipal));
  return {};
}

function deregister(context: Organizations, { AccountId, ServicePrincipal }: Delegation): Record<string, never> {
  const services = servicesOf(context, AccountId);
  if (!services.delete(ServicePrincipal)) throw notRegistered();
  return {};
}

function servicesOf({ tree }: Organizations, accountId: string): Set<string> {
  if (tree.accounts.get(accountId)?.parentId == null) throw accountNotFound();
  const services = tree.delegatedAdministrators.get(accountId);
  if (services === undefined || services.size === 0) throw notRegistered();
  return services;
}

const notRegistered = (): AwsError =>
  new AwsError(
    'AccountNotRegisteredException',
    'The specified account is not a delegated administrator for this AWS service.',
  );
