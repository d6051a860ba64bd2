/**
 * A stand-in for an AWS solution implementation: templates of our own with the files, the parameters and the kinds of resources of
 * the real one, a few of each, and code that does nothing. It is for the simulator only, and never fit to be deployed.
 */
export type SolutionStandIn = {
  /** Below the publisher's bucket. */
  readonly folder: string;
  /** Oldest first; the newest is what `latest` serves as well. */
  readonly versions: readonly string[];
  /** File below the version's folder → its template. */
  templates(edition: Edition): Readonly<Record<string, string>>;
  /** Archives below the version's folder in the publisher's bucket of each Region, from where Lambda reads code. */
  readonly archives: readonly string[];
};

/** One version, in one partition. */
export type Edition = {
  readonly version: string;
  /** Below any bucket of the publisher, such as `security-response/v1.0.0`. */
  readonly prefix: string;
  /** What follows `solutions` in the address of the bucket of templates, up to the slash before the key. */
  readonly templateHost: string;
};

/** A parameter of one of some values. */
export const choice = (name: string, values: readonly string[], preset: string): string => `  ${name}:
    Type: String
    Default: '${preset}'
    AllowedValues: [${values.map((value) => `'${value}'`).join(', ')}]
`;

/** A parameter that says yes or no. */
export const yesOrNo = (name: string, preset: 'yes' | 'no'): string => choice(name, ['yes', 'no'], preset);

/** The mapping in which the real templates keep where their code and their nested templates lie. */
export const sourceCode = ({ prefix }: Edition): string => `Mappings:
  SourceCode:
    General:
      S3Bucket: solutions
      KeyPrefix: ${prefix}
`;

/** The address of a nested template: joined of the mapping, so that nobody knows it who does not evaluate it. */
export const nestedTemplate = ({ templateHost }: Edition, file: string): string =>
  `!Join ['', ['https://', !FindInMap [SourceCode, General, S3Bucket], '${templateHost}', !FindInMap [SourceCode, General, KeyPrefix], '/${file}']]`;

/** Where a function's code lies: the publisher's bucket in the Region of the stack. */
export const regionalCode = ({ prefix }: Edition, archive: string): string =>
  `{ S3Bucket: !Join ['', ['solutions-', !Ref AWS::Region]], S3Key: ${prefix}/${archive} }`;

/** The role of a function that does nothing. */
export const functionRole = (name: string, statement: string): string => `  ${name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }]
      Policies:
        - PolicyName: stand-in
          PolicyDocument:
            Version: '2012-10-17'
            Statement: [${statement}]
`;
