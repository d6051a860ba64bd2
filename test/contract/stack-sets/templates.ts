const named = (name: string, shown = '${Team} ${Level}') => ({
  Type: 'AWS::SNS::Topic',
  Properties: { TopicName: name, DisplayName: { 'Fn::Sub': shown } },
});
const PARAMETERS = { Team: { Type: 'String', Default: 'platform' }, Level: { Type: 'String', Default: 'low' } };

/** One topic, and the two parameters that its display name is made of. */
export const topic = (name: string): string =>
  JSON.stringify({ Parameters: PARAMETERS, Resources: { Topic: named(name) } });

/** The same, with another topic beside it. */
export const twoTopics = (name: string): string =>
  JSON.stringify({ Parameters: PARAMETERS, Resources: { Topic: named(name), Other: named(`${name}-other`) } });

/** The topic, with a parameter more in its display name. */
export const withParameter = (name: string, parameter: string, definition: object): string =>
  JSON.stringify({
    Parameters: { ...PARAMETERS, [parameter]: definition },
    Resources: { Topic: named(name, `\${Team} \${Level} \${${parameter}}`) },
  });

export const role = (name: string, trusts: object): string =>
  JSON.stringify({
    Resources: {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: name,
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Principal: trusts, Action: 'sts:AssumeRole' }],
          },
        },
      },
    },
  });
