import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App, IStackSynthesizer, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { OUT_FOLDER } from '../blocks/construct/construct-contract.js';
import type { SynthesisAnswer, SynthesisAsset, SynthesisRequest } from '../blocks/construct/construct-contract.js';
import type { JsonObject } from '../model/json.js';
import { openCdk } from './cdk.js';
import type { Cdk } from './cdk.js';
import { addOutputs } from './outputs.js';
import { buildProps } from './props.js';
import { Unfit } from './unfit.js';

const LONGEST_MESSAGE = 1_000;

/** One construct in one stack, as CloudFormation takes it: no bootstrap version, no metadata of the CDK's own, no paths of this machine. */
export function synthesise(request: SynthesisRequest): SynthesisAnswer {
  try {
    const cdk = openCdk(request.modules);
    const app = openApp(cdk);
    const stack = openStack(cdk, app, request);
    const props = buildProps(request.props, { cdk, stack, request });
    const Pattern = patternOf(cdk, request.package);
    addOutputs(new Pattern(stack, request.id, props), stack, cdk);
    return answerOf(app, stack);
  } catch (error) {
    if (error instanceof Unfit)
      return { type: 'unfit', path: error.path, message: error.message, remedy: error.remedy };
    return { type: 'threw', message: messageOf(error) };
  }
}

/** With the CDK's own defaults; but policies have one statement where one will do, for whoever reviews them. */
function openApp(cdk: Cdk): App {
  const { App } = cdk.load('aws-cdk-lib');
  return new App({
    outdir: join(process.cwd(), OUT_FOLDER),
    analyticsReporting: false,
    treeMetadata: false,
    context: {
      '@aws-cdk/aws-iam:minimizePolicies': true,
      'aws:cdk:enable-path-metadata': false,
      'aws:cdk:enable-asset-metadata': false,
    },
  });
}

function openStack(cdk: Cdk, app: App, { stack, bucket }: SynthesisRequest): Stack {
  const { DefaultStackSynthesizer, Stack } = cdk.load('aws-cdk-lib');
  const synthesizer = new DefaultStackSynthesizer({
    generateBootstrapVersionRule: false,
    fileAssetsBucketName: bucket,
  });
  // Its types are written for optional properties that may be undefined.
  return new Stack(app, stack, { synthesizer: synthesizer as IStackSynthesizer });
}

type Pattern = new (scope: Construct, id: string, props: unknown) => Construct;

/** A package of Solutions Constructs has one construct. */
function patternOf(cdk: Cdk, name: string): Pattern {
  const { Construct } = cdk.load('constructs');
  const found = Object.values(cdk.loadAny(name) ?? {}).filter(
    (value): value is Pattern => typeof value === 'function' && value.prototype instanceof Construct,
  );
  if (found.length !== 1) throw new Error(`${name} has ${found.length} constructs, and one was expected`);
  return found[0]!;
}

type AssetManifest = {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string; readonly packaging?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
  readonly dockerImages?: Readonly<Record<string, unknown>>;
};

function answerOf(app: App, stack: Stack): SynthesisAnswer {
  const assembly = app.synth();
  const missing = assembly.manifest.missing ?? [];
  if (missing.length > 0)
    return {
      type: 'needs-more',
      message: `it looks up ${missing.map(({ provider }) => provider).join(', ')} in an account`,
    };
  const manifest = readJson(assembly.directory, `${stack.artifactId}.assets.json`) as AssetManifest;
  if (Object.keys(manifest.dockerImages ?? {}).length > 0)
    return { type: 'needs-more', message: 'it builds a container image' };
  return {
    type: 'synthesised',
    template: readJson(assembly.directory, stack.templateFile) as JsonObject,
    assets: assetsOf(manifest).filter(({ path }) => path !== stack.templateFile),
  };
}

function assetsOf({ files = {} }: AssetManifest): readonly SynthesisAsset[] {
  return Object.values(files).flatMap(({ source: { path, packaging }, destinations }) =>
    path === undefined
      ? []
      : Object.values(destinations).map(({ objectKey }): SynthesisAsset => ({
          key: objectKey,
          path,
          packaging: packaging === 'zip' ? 'zip' : 'file',
        })),
  );
}

function readJson(folder: string, file: string): unknown {
  return JSON.parse(readFileSync(join(folder, file), 'utf8'));
}

function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\nRequire stack:')[0]!.slice(0, LONGEST_MESSAGE);
}
