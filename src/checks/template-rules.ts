import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import type { Artifact } from '../model/artifact.js';
import type { Desired } from '../model/desired.js';
import { digestOf } from '../model/canonical.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { TemplateDocument } from '../model/template.js';
import { isMapping, section } from '../model/template-resources.js';
import type { Sha256 } from '../model/identifiers.js';
import { placed } from './finding.js';
import type { Finding } from './finding.js';
import { templatesOf } from './templates.js';

/** Rules about templates that AWS keeps, asked offline. */
export interface TemplateRules {
  /** Warnings only, for each artifact; never throws. */
  ask(blocks: readonly RuledBlock[], signal: AbortSignal): Promise<readonly Diagnostic[]>;
}

export type RuledBlock = { readonly desired: Desired; readonly artifact: Artifact };

/** Milliseconds: the rules are loaded in two to five seconds, and a large template takes one. */
const PATIENCE = 30_000;
const MOST_FOR_ONE_TEMPLATE = 10;
const MOST_REMEMBERED = 500;
const LONGEST_MESSAGE = 300;
/** What we say ourselves, with the place and what stands already in mind: runtimes. */
const OURS = ['E2531', 'E2533', 'W2531'];

/** One finding of the rules; `logicalId` is empty where it is about the template as a whole. */
type Broken = { readonly rule: string; readonly message: string; readonly logicalId: string };
type Answer = readonly (readonly Broken[] | null)[];

/** Nothing is loaded before the first template is asked about; what was answered once is not asked again. */
export function createTemplateRules({ patience } = { patience: PATIENCE }): TemplateRules {
  const known = new Map<Sha256, readonly Broken[]>();

  /** Why nothing was learned; null where it was. */
  async function learn(blocks: readonly RuledBlock[], signal: AbortSignal): Promise<string | null> {
    if (blocks.length === 0) return null;
    const texts = blocks.map(textsOf);
    try {
      const answers = await askWorker(texts, AbortSignal.any([signal, AbortSignal.timeout(patience)]));
      if (known.size > MOST_REMEMBERED) known.clear();
      blocks.forEach((block, index) => {
        const answer = answers[index];
        if (answer != null) known.set(keyOf(block), answer);
      });
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  return {
    async ask(blocks, signal) {
      const distinct = new Map(blocks.map((block) => [keyOf(block), block]));
      const failure = await learn(
        [...distinct].flatMap(([key, block]) => (known.has(key) ? [] : [block])),
        signal,
      );
      return blocks.flatMap((block) => {
        const broken = known.get(keyOf(block));
        const findings = broken?.slice(0, MOST_FOR_ONE_TEMPLATE).map(warning) ?? [unasked(failure)];
        return placed({ desired: block.desired, deployments: null }, findings);
      });
    },
  };
}

/** Parameters that the manifest gives one value everywhere; what is filled in later is not known here. */
function givenBy({ parameters }: Desired): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).filter(([, value]) => !value.includes('${')));
}

function keyOf({ desired, artifact }: RuledBlock): Sha256 {
  return digestOf({ artifact: artifact.sha256, given: givenBy(desired) });
}

/** The template and those nested in it. What the manifest gives stands in the place of a default: an empty one is there to be filled. */
function textsOf({ desired, artifact }: RuledBlock): readonly string[] {
  const given = givenBy(desired);
  return templatesOf(artifact).map(({ document }, index) =>
    JSON.stringify(index === 0 ? withDefaults(document, given) : document),
  );
}

function withDefaults(document: TemplateDocument, given: Readonly<Record<string, string>>): TemplateDocument {
  const parameters = Object.entries(section(document, 'Parameters')).map(([name, declared]) => [
    name,
    isMapping(declared) && given[name] !== undefined ? { ...declared, Default: given[name] } : declared,
  ]);
  return parameters.length === 0 ? document : { ...document, Parameters: Object.fromEntries(parameters) };
}

/** A rule may lag behind AWS, so what it says never stops anybody. */
function warning({ rule, message, logicalId }: Broken): Finding {
  return {
    code: 'EK5040',
    severity: 'warning',
    message: `${logicalId === '' ? 'the template' : `resource ${logicalId}`} breaks rule ${rule}: ${message.slice(0, LONGEST_MESSAGE)}`,
    remedy: 'correct the template if the rule is right; CloudFormation may refuse it otherwise',
    targets: [],
  };
}

function unasked(failure: string | null): Finding {
  return {
    code: 'EK5041',
    severity: 'warning',
    message: `nobody asked CloudFormation's rules about the template${failure === null ? '' : `: ${failure}`}`,
    remedy: 'nothing need be done: CloudFormation judges the template when it is deployed',
    targets: [],
  };
}

/**
 * The rules are WebAssembly that holds hundreds of megabytes and may trip over a stranger's template: they run in a thread that is
 * thrown away, within a time.
 */
function askWorker(groups: readonly (readonly string[])[], signal: AbortSignal): Promise<Answer> {
  const validator = createRequire(import.meta.url).resolve('@aws/cloudformation-validate');
  return new Promise((resolve, reject) => {
    const worker = new Worker(THREAD, {
      eval: true,
      workerData: { validator, groups, ours: OURS },
      stdout: true,
      stderr: true,
    });
    const end = (settle: () => void): void => {
      signal.removeEventListener('abort', stopped);
      settle();
      void worker.terminate();
    };
    const stopped = (): void => end(() => reject(new Error('they were not waited for any longer')));
    signal.addEventListener('abort', stopped, { once: true });
    if (signal.aborted) stopped();
    worker.once('message', (answer: Answer) => end(() => resolve(answer)));
    worker.once('error', (error) => end(() => reject(error instanceof Error ? error : new Error(String(error)))));
    worker.once('exit', () => end(() => reject(new Error('they ended without an answer'))));
  });
}

/** Plain JavaScript, because it stands in no file of its own: a thread cannot be bundled. One template that cannot be judged does not hide the others. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const { RegoEngine, TemplateFile } = require(workerData.validator);
class Text extends TemplateFile {
  constructor(text) { super('template.json'); this.text = text; }
  readBytes() { return Buffer.from(this.text, 'utf8'); }
}
let engine = null;
function judge(text) {
  engine ??= new RegoEngine();
  const config = { severityLevel: 'ERROR', exclude: { ids: workerData.ours } };
  return engine.validateStandard(new Text(text), config).diagnostics.map(({ ruleId, message, entity }) => ({
    rule: ruleId,
    message,
    logicalId: entity?.entityType === 'Resource' ? entity.logicalId : '',
  }));
}
parentPort.postMessage(workerData.groups.map((texts) => {
  try {
    return texts.flatMap(judge);
  } catch {
    engine = null;
    return null;
  }
}));
`;
