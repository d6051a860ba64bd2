import {
  GetApplicationCommand,
  GetApplicationPolicyCommand,
  type ApplicationPolicyStatement,
} from '@aws-sdk/client-serverlessapplicationrepository';
import { expect } from 'vitest';
import { document, type Aws } from '../specification.js';
import { share } from './fixtures.js';

export const POLICIES = document('Serverless Application Repository Developer Guide, Application Policy Examples');
export const PUBLISHING = document('Serverless Application Repository Developer Guide, How to Publish Applications');
export const ORGANIZATION_ACTIONS = ['Deploy', 'UnshareApplication'];

export const mayRead = async (aws: Aws, ApplicationId: string, account: string): Promise<boolean> =>
  aws
    .serverlessRepository(account)
    .send(new GetApplicationCommand({ ApplicationId }))
    .then(
      () => true,
      (error: Error) => {
        expect(error.name).toBe('AccessDeniedException');
        return false;
      },
    );

export const refused = (aws: Aws, ApplicationId: string, statement: Partial<ApplicationPolicyStatement>) =>
  expect(share(aws, ApplicationId, statement)).rejects.toMatchObject({ name: 'BadRequestException' });

export const policyOf = async (aws: Aws, ApplicationId: string) =>
  (await aws.serverlessRepository().send(new GetApplicationPolicyCommand({ ApplicationId }))).Statements!;
