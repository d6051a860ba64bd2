import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../src/simulator/templates/reader.js';
import { bench, MEMBER, REGION } from './world.js';

const corpus = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const files = existsSync(corpus)
  ? (readdirSync(corpus, { recursive: true }) as string[]).filter(
      (file) => /\.(ya?ml|json|template)$/.test(file) && !/manifest|schema|(parameters|policies)\//.test(file),
    )
  : [];

/** What CloudFormation itself refuses, with the beginning of its reason. */
const refused: Readonly<Record<string, string>> = {
  'amazon-cloudfront-access-logs-queries/template.yaml': 'Transform AWS::Serverless-2016-10-31 failed with',
  'automated-security-response-on-aws/orchestrator.template.json':
    "Template error: Mapping named 'SourceCode' is not present",
  'cloudwatch-logs-janitor/template.yaml': 'Transform AWS::Serverless-2016-10-31 failed with',
  'lambda-janitor/template-1.5.0.yml': 'Transform AWS::Serverless-2016-10-31 failed with',
  'lambda-janitor/template.yml': 'Transform AWS::Serverless-2016-10-31 failed with',
};
/** Their nested templates are not in the corpus, so S3 does not have them. */
const nested = [
  'automated-security-response-on-aws/admin.template.json',
  'automated-security-response-on-aws/member.template.json',
  'aws-waf-security-automations/aws-waf-security-automations.template',
];

/** Values that satisfy the parameters without a default in these templates. */
function standIn(name: string, type: string): string {
  if (type === 'Number') return '100';
  if (/Account/.test(name)) return '111122223333';
  if (/ServiceToken$/.test(name)) return `arn:aws:lambda:${REGION}:${MEMBER}:function:value-1`;
  if (/Email/i.test(name)) return 'security@example.com';
  return name === 'Namespace' ? 'evenkeel' : name === 'Domain' ? 'logs-domain' : 'value-1';
}

describe.skipIf(files.length === 0)('real templates', () => {
  for (const file of files) {
    const text = readFileSync(`${corpus}/${file}`, 'utf8');
    const reason = refused[file];
    if (reason !== undefined) {
      it(`${file} is refused`, () => {
        expect(() => readTemplate(text)).toThrow(reason);
      });
      continue;
    }
    it(`${file} becomes a stack`, () => {
      const { engine, settle } = bench();
      const given = [...readTemplate(text).parameters.values()].filter(
        ({ name, default: value }) => value === undefined || name === 'AdminUserEmail',
      );
      const stackId = engine.create({
        accountId: MEMBER,
        region: REGION,
        name: 'real',
        template: text,
        parameters: Object.fromEntries(given.map(({ name, type }) => [name, standIn(name, type)])),
        tags: {},
        capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'],
      });
      settle();
      expect(engine.find(MEMBER, REGION, stackId)?.status).toBe(
        nested.includes(file) ? 'ROLLBACK_COMPLETE' : 'CREATE_COMPLETE',
      );
    });
  }
});
