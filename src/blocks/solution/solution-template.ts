import { classify } from '../../aws/errors.js';
import { MAXIMUM_TEMPLATE_BYTES } from '../../model/artifact.js';
import type { DiagnosticCode } from '../../model/diagnostic-codes.js';
import { parseTemplate } from '../../model/template.js';
import type { TemplateDocument } from '../../model/template.js';
import { DownloadRefused } from '../fetch/download.js';
import { LockRefusal } from '../lock/lock-refusal.js';
import type { SpecKey } from '../lock/lock-refusal.js';
import { isInPartition } from '../fetch/s3-address.js';
import type { LockSession } from '../lock/served-block.js';
import { isS3Address } from '../fetch/served-objects.js';
import { section } from '../../model/template-resources.js';
import { decodeUtf8 } from '../template/template-text.js';

type Told = { readonly code: DiagnosticCode; readonly message: string; readonly remedy: string };

const CORRECT = 'correct the address, or the version in it';

/** The template of a solution at its address; a LockRefusal at `key` where what stands there is none. */
export async function fetchSolutionTemplate(
  url: string,
  key: SpecKey,
  session: LockSession,
): Promise<TemplateDocument> {
  const refuse = ({ code, message, remedy }: Told): LockRefusal => new LockRefusal(code, key, message, remedy);
  const { partition } = session.aws;
  if (session.hosts === 's3' && !(isS3Address(url, partition) && isInPartition(url, partition)))
    throw refuse({
      code: 'EK4045',
      message: `${url} is not an address of S3 in the partition ${partition}, and nothing was fetched`,
      remedy: 'name the template in the bucket from which its publisher serves it in this partition',
    });

  const bytes = await session.fetch(url, MAXIMUM_TEMPLATE_BYTES).catch((error: unknown) => {
    if (classify(error).kind === 'aborted') throw error;
    throw refuse(notFetched(url, error));
  });
  if (bytes.length > MAXIMUM_TEMPLATE_BYTES) throw refuse(tooLarge(url));

  const text = decodeUtf8(bytes);
  const parsed = text === null ? null : parseTemplate(text);
  if (text === null || parsed?.type !== 'template') {
    const what = text?.trimStart().startsWith('<')
      ? 'it is a page of HTML or XML'
      : parsed?.type === 'not-a-template'
        ? parsed.message
        : 'it is not UTF-8 text';
    throw refuse({ code: 'EK4048', message: `what stands at ${url} is not a template: ${what}`, remedy: CORRECT });
  }
  if (Object.keys(section(parsed.document, 'Resources')).length === 0) {
    const message = `what stands at ${url} is not a template: it has no Resources`;
    throw refuse({ code: 'EK4048', message, remedy: CORRECT });
  }
  return parsed.document;
}

function notFetched(url: string, error: unknown): Told {
  const why = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DownloadRefused))
    return {
      code: 'EK4046',
      message: `${url} cannot be fetched: ${why}`,
      remedy: `check the network, and run \`evenkeel lock\` again; else ${CORRECT}`,
    };
  switch (error.reason.type) {
    case 'too-large':
      return tooLarge(url);
    case 'redirect':
      return {
        code: 'EK4047',
        message: `${url} is not where the template is: ${why}, and that was not followed`,
        remedy: 'read what stands there, and write that address where it is the one that you mean',
      };
    case 'status':
      return {
        code: 'EK4046',
        message: `${url} cannot be fetched: ${why}`,
        // S3 answers 403 for what does not exist where the bucket may not be listed.
        remedy: [403, 404].includes(error.reason.status)
          ? `${CORRECT}: its publisher serves nothing there, or not to everybody`
          : 'run `evenkeel lock` again in a minute',
      };
  }
}

function tooLarge(url: string): Told {
  return {
    code: 'EK4049',
    message: `what stands at ${url} has more than ${MAXIMUM_TEMPLATE_BYTES} bytes, which is the most that CloudFormation takes, and was not read whole`,
    remedy: CORRECT,
  };
}
