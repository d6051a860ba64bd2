import type { JsonObject } from '../../model/json.js';

/** What the child process is asked for, on its standard input as JSON. */
export type SynthesisRequest = {
  /** The only folder that packages are loaded from: the `node_modules` of Evenkeel's own installation. */
  readonly modules: string;
  /** Such as `@aws-solutions-constructs/aws-eventbridge-lambda`. */
  readonly package: string;
  /** Name of the stack, which some names of resources begin with. */
  readonly stack: string;
  /** Id of the construct in its stack, which every logical id begins with. */
  readonly id: string;
  /** With the forms of `construct-forms.ts` in it, every one checked. */
  readonly props: JsonObject;
  /** What the template is to say in the place of a bucket. */
  readonly bucket: string;
  /** Folder of code → the key that the template is to say for it. The code itself stays with the parent. */
  readonly code: Readonly<Record<string, string>>;
  /** File → the state machine's definition in it. */
  readonly definitions: Readonly<Record<string, string>>;
};

/** A folder or file of the CDK's own that the template refers to. */
export type SynthesisAsset = {
  readonly key: string;
  /** In the folder `out` of the child's working folder. */
  readonly path: string;
  readonly packaging: 'zip' | 'file';
};

/** What the child process answers, in `ANSWER_FILE` of its working folder: nothing that is printed can disturb it. */
export type SynthesisAnswer =
  | { readonly type: 'synthesised'; readonly template: JsonObject; readonly assets: readonly SynthesisAsset[] }
  /** A value in the props that the CDK does not know; the path leads to it. */
  | {
      readonly type: 'unfit';
      readonly path: readonly (string | number)[];
      readonly message: string;
      readonly remedy: string;
    }
  /** The construct itself objects. */
  | { readonly type: 'threw'; readonly message: string }
  /** It would need what can only be had from AWS or from a container at the time of synthesis. */
  | { readonly type: 'needs-more'; readonly message: string };

export const ANSWER_FILE = 'answer.json';
export const OUT_FOLDER = 'out';

/** Whether a key of the props is a form's, known or not. */
export function isFormKey(key: string): boolean {
  return /^\$[A-Z]/.test(key);
}

/** What can stand in one prop: text and the like, a list, a mapping, one of several, or what a name of the CDK stands for. */
export type PropType =
  | string
  | { readonly list: PropType }
  | { readonly map: PropType }
  | { readonly any: readonly PropType[] }
  | { readonly of: string };

/** What the props of the installed constructs may hold: made of their assemblies when Evenkeel is built, beside the child's program. */
export type PropIndex = {
  /** Version of aws-cdk-lib. */
  readonly cdk: string;
  /** Package → its version and the name of what its props are. */
  readonly constructs: Readonly<Record<string, { readonly version: string; readonly props: string }>>;
  /** Name → the props that a mapping may have, or the members of an enumeration; an object of a class has no entry. */
  readonly types: Readonly<
    Record<string, { readonly props: Readonly<Record<string, PropType>> } | { readonly members: readonly string[] }>
  >;
};

export const PROP_INDEX_FILE = 'props.json';
