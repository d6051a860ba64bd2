import { document, model, type Source } from '../specification.js';

/** A page of CloudFormation's API Reference: an operation or a data type. */
export const api = (name: string): Source => document(`CloudFormation API Reference, ${name}`);

/** A page of CloudFormation's User Guide, by its title. */
export const guide = (page: string): Source => document(`CloudFormation User Guide, ${page}`);

/** A shape of CloudFormation's service model. */
export const shape = (name: string): Source => model(`CloudFormation 2010-05-15, ${name}`);

/** Why a sentence cannot be asked of an emulator, where a resource has to fail on demand. */
export const ON_DEMAND = 'a resource fails because its Metadata tells the simulator so';
