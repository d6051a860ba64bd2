import {
  CreateApplicationCommand,
  CreateApplicationVersionCommand,
  DeleteApplicationCommand,
  PutApplicationPolicyCommand,
  ServerlessApplicationRepositoryClient,
} from '@aws-sdk/client-serverlessapplicationrepository';
import type { World } from './world.js';

export type Publisher = {
  /** Publishes the first version of an application, private; answers its ARN. */
  publish(name: string, version: string, template: string): Promise<string>;
  publishNext(application: string, version: string, template: string): Promise<void>;
  /** Whoever is named may deploy it: account ids, or the id of the organization. Replaces what was granted before. */
  share(application: string, principals: readonly string[], organization?: string): Promise<void>;
  withdraw(application: string): Promise<void>;
};

/** An account that publishes applications of its own in the Serverless Application Repository. */
export function publisherIn({ simulator }: World, account: string, region = 'us-east-1'): Publisher {
  const client = new ServerlessApplicationRepositoryClient({
    region,
    credentials: simulator.credentials(account),
    requestHandler: simulator.requestHandler,
  });
  return {
    async publish(Name, SemanticVersion, TemplateBody) {
      const { ApplicationId } = await client.send(
        new CreateApplicationCommand({ Name, Author: 'Story', Description: Name, SemanticVersion, TemplateBody }),
      );
      return ApplicationId!;
    },
    async publishNext(ApplicationId, SemanticVersion, TemplateBody) {
      await client.send(new CreateApplicationVersionCommand({ ApplicationId, SemanticVersion, TemplateBody }));
    },
    async share(ApplicationId, principals, organization) {
      const grant =
        organization === undefined
          ? { Principals: [...principals], Actions: ['Deploy'] }
          : { Principals: ['*'], PrincipalOrgIDs: [organization], Actions: ['Deploy', 'UnshareApplication'] };
      await client.send(new PutApplicationPolicyCommand({ ApplicationId, Statements: [grant] }));
    },
    async withdraw(ApplicationId) {
      await client.send(new DeleteApplicationCommand({ ApplicationId }));
    },
  };
}
