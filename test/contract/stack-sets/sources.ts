import { document, model, type Chapter } from '../specification.js';

/** The API reference's page of an operation. */
export const api = (operation: string) => document(`CloudFormation API Reference, ${operation}`);
/** A page of the user guide. */
export const guide = (page: string) => document(`CloudFormation User Guide, ${page}`);
/** A shape of the service model. */
export const shape = (name: string) => model(`CloudFormation 2010-05-15, ${name}`);

/** What ministack answers to every operation on stack sets. */
export const NO_STACK_SETS: NonNullable<Chapter['lacks']> = {
  ministack: 'answers InvalidAction: it has no stack sets',
};
