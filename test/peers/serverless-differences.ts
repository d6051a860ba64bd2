/** A place where our expansion is not the translator's, and why. */
export type Difference = { readonly found: readonly string[]; readonly because: string };

const refusal = (problem: string): string =>
  JSON.stringify({
    refusal: `Invalid Serverless Application Specification document. Number of errors found: 1. ${problem}`,
  });

/** AWS expands it; the simulator says by name that it does not. */
const refused = (subject: string, what: string, because: string): Difference => ({
  found: [`${refusal(`${subject} The simulator does not expand ${what}.`)} instead of expands it`],
  because,
});

const RARE = 'no building block that we know uses it, and a resource that is missing would be worse than a refusal';
const resource = (id: string): string => `Resource with id [${id}] is invalid.`;
const event = (name: string): string => `${resource('Fn')} Event with id [${name}] is invalid.`;

/** Every difference. One that is not here fails, and so does one that is gone. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'not-expanded: a connector': refused(
    resource('C'),
    'AWS::Serverless::Connector',
    'its policies come from profiles for every pair of types, which are not written down',
  ),
  'not-expanded: a connector in its source': refused(
    resource('Fn'),
    'the attribute Connectors',
    'its policies come from profiles for every pair of types, which are not written down',
  ),
  'not-expanded: a GraphQL API': refused(resource('G'), 'AWS::Serverless::GraphQLApi', RARE),
  'not-expanded: a WebSocket API': refused(resource('W'), 'AWS::Serverless::WebSocketApi', RARE),
  "not-expanded: capacity of one's own": refused(resource('C'), 'AWS::Serverless::CapacityProvider', RARE),
  "not-expanded: a function on capacity of one's own": refused(
    resource('Fn'),
    'the property CapacityProviderConfig',
    RARE,
  ),
  'not-expanded: a network connector': refused(resource('N'), 'AWS::Serverless::NetworkConnector', RARE),
  'not-expanded: a web function': refused(resource('W'), 'AWS::Serverless::WebFunction', RARE),
  'not-expanded: a topic of Managed Streaming for Kafka': refused(event('K'), 'events of type MSK', RARE),
  'not-expanded: a message broker': refused(event('K'), 'events of type MQ', RARE),
  "not-expanded: a Kafka of one's own": refused(event('K'), 'events of type SelfManagedKafka', RARE),
  'not-expanded: a cluster of documents': refused(event('K'), 'events of type DocumentDB', RARE),
  'not-expanded: a custom domain': refused(resource('Api'), 'the property Domain', RARE),
  'not-expanded: a custom domain of an HTTP API': refused(resource('Api'), 'the property Domain', RARE),
  'not-expanded: a usage plan': refused(resource('Api'), 'the property Auth.UsagePlan', RARE),
  'not-expanded: models': refused(resource('Api'), 'the property Models', RARE),
  'not-expanded: definitions to be merged': refused(resource('Api'), 'the property MergeDefinitions', RARE),
  'not-expanded: a deployment for every transform': refused(
    resource('Api'),
    'the property AlwaysDeploy',
    'the deployment is named for the second in which AWS transforms, which nobody can foresee',
  ),
  'not-expanded: a model of an API event': refused(event('A'), 'the property RequestParameters', RARE),
  'not-expanded: a repository of code': refused(
    resource('Fn'),
    'the policy template CodeCommitReadPolicy',
    'a list of sixty actions of a service that takes no new customers',
  ),
  'not-expanded: a managed policy that is not written down': refused(
    resource('Fn'),
    'the managed policy name AmazonTimestreamFullAccess',
    'the names of managed policies are the account’s to list; what security tools use is written down, an ARN always works',
  ),
  'not-expanded: a managed policy that nobody knows': refused(
    resource('Fn'),
    'the managed policy name NoSuchPolicyAnywhere',
    'AWS leaves the name as it is, and IAM refuses the role when the stack is deployed; here it is told from the ones above by nothing',
  ),
};
