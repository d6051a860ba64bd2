import { expect, test } from 'vitest';
import { parseDesiredState } from '../../../src/manifest/parse.js';
import { desiredFiles } from './desired-files.js';

const EVERYTHING = `apiVersion: evenkeel/v1
kind: ServerlessApplication
metadata:
  name: lambda-janitor
  description: Deletes unused versions of Lambda functions.
  labels: { owner: platform-security }
  controls: [CM-7, SI-2]
spec:
  application: arn:aws:serverlessrepo:us-east-1:374852340823:applications/lambda-janitor
  version: 1.7.0
  parameters: { VersionsToKeep: "3" }
  overrides:
    - where: { organizationalUnits: [/Workloads/Prod/**], regions: [us-east-1] }
      parameters: { VersionsToKeep: "10" }
  acknowledge: [CAPABILITY_IAM, CAPABILITY_RESOURCE_POLICY]
  stackName: evenkeel-lambda-janitor
  tags: { cost-center: "4711" }
  terminationProtection: true
  targets:
    - organizationalUnits: [/Workloads/**]
      tags: { data-class: [restricted, moderate] }
      regions: [us-east-1, us-west-2]
      except: { accounts: ["444455556666"] }
    - accounts: ["111122223333", audit]
      partitions: [aws-us-gov]
      regions: [us-gov-west-1]
  rollout:
    waves:
      - { organizationalUnits: [/Sandbox] }
      - { organizationalUnits: [/Workloads/NonProd/**] }
      - { all: true }
    maxConcurrent: 25%
    failureTolerance: 0
  drift:
    respond: report
    ignore:
      - { resource: JanitorFunction, path: /Description, reason: set by the owner, expires: 2027-01-31 }
  deletion: delete
  dependsOn: [StackSet/log-archive]
  suspend: { by: j.doe, reason: incident 4711, until: 2026-12-01 }
---
apiVersion: evenkeel/v1
kind: Controller
metadata: { name: evenkeel }           # the installation's name
spec:
  partition: aws
  homeRegion: us-east-1
  table: evenkeel                      # the ledger
  artifactBucket: evenkeel-artifacts-\${account.id}-\${region}   # one in each Region that is deployed to
  roles: { plan: evenkeel-plan, apply: evenkeel-apply, cloudformation: evenkeel-cloudformation, externalId: 6f1c }
  budgets: { delete: 5, replace: 2, accounts: 50%, window: 24h, checks: 240 }
  freeze: [{ from: 2026-12-20, to: 2027-01-04, reason: year end }]
  schedule: { reconcile: rate(15 minutes), drift: cron(0 2 * * ? *) }
  notify:
    - { sns: "arn:aws:sns:us-east-1:111122223333:evenkeel" }
    - { webhook: "https://hooks.example.com/evenkeel", secretEnv: EVENKEEL_WEBHOOK_SECRET, on: [contested] }
    - { github: acme/infrastructure, labels: [drift], tokenEnv: GITHUB_TOKEN, apiUrl: "https://ghe.example.com/api/v3" }
  heartbeat: https://beat.example.com/evenkeel
  trust: { branch: main, allowedSigners: allowed_signers }
`;

test('the whole format parses, and only what is not built yet is refused', () => {
  const { manifests, diagnostics } = parseDesiredState(desiredFiles({ 'x.yaml': EVERYTHING }));
  expect(manifests.map(({ type }) => type)).toEqual(['deployable', 'controller']);
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    'EK2006 trust in signed commits is not built yet',
  ]);
});
