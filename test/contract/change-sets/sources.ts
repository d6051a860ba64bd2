import { document, model, type Source } from '../specification.js';

export const api = (page: string): Source => document(`CloudFormation API Reference, ${page}`);
export const guide = (page: string): Source => document(`CloudFormation User Guide, ${page}`);
export const shape = (name: string): Source => model(`CloudFormation 2010-05-15, ${name}`);
/** Answers of AWS that the LocalStack project has recorded, beside the test of that name. */
export const recorded = (test: string): Source => document(`LocalStack’s recordings of AWS, ${test}`);

/** Why some are asked of the simulator alone. */
export const HAND = 'somebody has to change the resource behind CloudFormation’s back';
export const FAILURE = 'a resource has to fail, and emulators’ resources do not';
export const TIME = 'it needs the moment in between, and emulators do it all at once';
