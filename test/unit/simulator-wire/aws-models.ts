import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where AWS's own service models lie, if they do. */
export const MODELS = fileURLToPath(new URL('../../../../shared/aws-models', import.meta.url));

export const hasModels = existsSync(MODELS);

/** A title that says why its test is skipped, where it is. */
export const modelsTitle = (title: string): string =>
  hasModels ? title : `${title} (skipped: ../shared/aws-models is absent)`;

type Reference = { readonly shape: string };

export type ModelShape = {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, Reference>>;
  readonly member?: Reference;
  readonly value?: Reference;
};

export type ServiceModelFile = {
  readonly shapes: Readonly<Record<string, ModelShape>>;
  readonly operations: Readonly<
    Record<string, { readonly input?: Reference; readonly output?: Reference; readonly errors?: readonly Reference[] }>
  >;
};

export function serviceModel(service: string): ServiceModelFile {
  return JSON.parse(readFileSync(`${MODELS}/${service}/service-2.json`, 'utf8')) as ServiceModelFile;
}
