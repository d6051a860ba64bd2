import type { StaticErrorSchema, StaticOperationSchema } from '@smithy/types';
import type { AwsError } from '../kernel/contract.js';
import { shapeOf, type Shape, type StructureShape } from './shape.js';

export type HttpTrait = { readonly method: string; readonly uri: string; readonly status: number };

export type OperationModel = {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  /** Present where the protocol binds operations to methods and paths. */
  readonly http: HttpTrait | undefined;
};

/** Clients have a base class for their errors, which is none of AWS's. */
const CLIENT_ONLY = 'smithy.ts.sdk.synthetic';

export type ErrorModel = { readonly wireCode: string; readonly status: number; readonly shape: StructureShape };

/** A refusal as it goes over the wire: AWS's code and status, and the members of the error's shape. */
export type Refusal = {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly members: Readonly<Record<string, unknown>>;
  readonly shape: StructureShape | undefined;
};

/** What a service can be asked, read from the schemas that its SDK client exports. Shapes are made when they are first needed. */
export class ServiceModel {
  readonly #schemas = new Map<string, StaticOperationSchema>();
  readonly #operations = new Map<string, OperationModel>();
  readonly #errors = new Map<string, ErrorModel>();

  constructor(exports: Readonly<Record<string, unknown>>) {
    for (const value of Object.values(exports)) {
      if (!Array.isArray(value)) continue;
      if (value[0] === 9) this.#schemas.set(value[2] as string, value as StaticOperationSchema);
      if (value[0] === -3 && !String(value[1]).startsWith(CLIENT_ONLY)) this.#addError(value as StaticErrorSchema);
    }
  }

  get operationNames(): readonly string[] {
    return [...this.#schemas.keys()];
  }

  /** Every modelled error: its shape, and its code and status on the wire. */
  get errors(): readonly ErrorModel[] {
    return [...new Set(this.#errors.values())];
  }

  operation(name: string): OperationModel | undefined {
    const known = this.#operations.get(name);
    const schema = this.#schemas.get(name);
    if (known !== undefined || schema === undefined) return known;
    const trait = (schema[3] as { readonly http?: readonly [string, string, number] } | 0) || {};
    const http =
      trait.http === undefined ? undefined : { method: trait.http[0], uri: trait.http[1], status: trait.http[2] };
    const made = { name, input: shapeOf(schema[4]), output: shapeOf(schema[5]), http };
    this.#operations.set(name, made);
    return made;
  }

  /** A handler names an error by its shape or by its code on the wire; a modelled error's status is the model's. */
  refusal(error: AwsError): Refusal {
    const { message, members } = error;
    const model = this.#errors.get(error.code);
    if (model === undefined) return { code: error.code, status: error.status, message, members, shape: undefined };
    return { code: model.wireCode, status: model.status, message, members, shape: model.shape };
  }

  #addError(schema: StaticErrorSchema): void {
    const traits = schema[3] as {
      readonly awsQueryError?: readonly [string, number];
      readonly httpError?: number;
      readonly error?: string;
    };
    const [wireCode, status] = traits.awsQueryError ?? [
      schema[2],
      traits.httpError ?? (traits.error === 'server' ? 500 : 400),
    ];
    const model: ErrorModel = { wireCode, status, shape: shapeOf(schema) as StructureShape };
    this.#errors.set(wireCode, model);
    this.#errors.set(schema[2], model);
  }
}
