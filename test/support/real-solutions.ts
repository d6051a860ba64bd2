import { readFileSync } from 'node:fs';
import { CORPUS_FOLDER } from './corpus.js';
import type { ShippedWorld } from './shipped.js';

const RESPONSE = 'automated-security-response-on-aws';
const FIREWALL = 'security-automations-for-aws-waf';
const REGIONS = ['us-east-1', 'us-west-2'];

/** Key in the publisher's bucket → the real template in the corpus; what it nests and the corpus lacks is filled with next to nothing. */
const REAL: Readonly<Record<string, string>> = {
  [`${RESPONSE}/v3.1.5/automated-security-response-admin.template`]: `${RESPONSE}/admin.template.json`,
  [`${RESPONSE}/v3.1.5/automated-security-response-member.template`]: `${RESPONSE}/member.template.json`,
  [`${RESPONSE}/v3.1.5/automated-security-response-member-roles.template`]: `${RESPONSE}/member-roles-global.template.json`,
  [`${RESPONSE}/v3.1.5/automated-security-response-orchestrator-log.template`]: `${RESPONSE}/orchestrator-log.template.json`,
  [`${RESPONSE}/v3.1.5/playbooks/NIST80053Stack.template`]: `${RESPONSE}/NIST80053-admin.template.json`,
  [`${RESPONSE}/v3.1.5/playbooks/NIST80053MemberStack.template`]: `${RESPONSE}/NIST80053-member.template.json`,
  [`${RESPONSE}/v3.1.5/playbooks/SCStack.template`]: `${RESPONSE}/SC-admin.template.json`,
  [`${RESPONSE}/v3.1.5/playbooks/SCMemberStack.template`]: `${RESPONSE}/SC-member.template.json`,
  ...Object.fromEntries(
    ['', '-webacl', '-firehose-athena'].map((part) => [
      `${FIREWALL}/v4.1.3/aws-waf-security-automations${part}.template`,
      `aws-waf-security-automations/aws-waf-security-automations${part}.template`,
    ]),
  ),
};

/** The corpus has templates before their publisher's build: with its placeholders where the build writes places and versions. */
const BUILT: readonly (readonly [RegExp, string])[] = [
  [/my-solution-tmn\/v9\.9\.9/g, `${RESPONSE}/v3.1.5`],
  [/automated-security-response-on-aws\/v1\.0\.0/g, `${RESPONSE}/v3.1.5`],
  [/sharrbukkit/g, 'solutions'],
  [/"solutions-eu-west-1"/g, '{ "Fn::Join": ["-", ["solutions", { "Ref": "AWS::Region" }]] }'],
  [/%TEMPLATE_OUTPUT_BUCKET%/g, 'solutions-reference'],
  [/%DIST_OUTPUT_BUCKET%/g, 'solutions'],
  [/%SOLUTION_NAME%\/%VERSION%/g, `${FIREWALL}/v4.1.3`],
  [/%VERSION%/g, 'v4.1.3'],
];

/** Puts the real templates where the stand-ins were, and an archive wherever they look for code. */
export function publishRealTemplates({ simulator }: ShippedWorld): Promise<void> {
  const { objects } = simulator.world;
  const templates = Object.entries(REAL).map(([key, path]): [string, string] => {
    const text = readFileSync(`${CORPUS_FOLDER}/${path}`, 'utf8');
    return [key, BUILT.reduce((built, [placeholder, value]) => built.replace(placeholder, value), text)];
  });
  const put = (key: string, text: string): void => objects.put('solutions-reference', key, Buffer.from(text, 'utf8'));
  for (const key of templates.flatMap(([, text]) => nestedIn(text))) if (!(key in REAL)) put(key, TINY);
  for (const [key, text] of templates) put(key, text);
  for (const archive of new Set(templates.flatMap(([, text]) => archivesIn(text))))
    for (const region of REGIONS) objects.put(`solutions-${region}`, archive, Buffer.from(`code of ${archive}`));
  return Promise.resolve();
}

/** Takes any parameters of a playbook, and needs none. */
const TINY = JSON.stringify({
  Parameters: Object.fromEntries(
    ['Namespace', 'SecHubAdminAccount', 'WaitProviderServiceToken'].map((name) => [
      name,
      { Type: 'String', Default: '' },
    ]),
  ),
  Resources: { Nothing: { Type: 'AWS::CloudFormation::WaitConditionHandle' } },
});

const nestedIn = (text: string): readonly string[] =>
  [...text.matchAll(/"(\/[\w./-]+\.template)"/g)].map(([, file]) => `${RESPONSE}/v3.1.5${file!}`);

function archivesIn(text: string): readonly string[] {
  return [
    ...[...text.matchAll(/"S3Key": "([^"]+)"/g)].map(([, key]) => key!),
    ...[...text.matchAll(/([a-z_]+\.zip)\b/g)].map(([, file]) => `${FIREWALL}/v4.1.3/${file!}`),
  ];
}
