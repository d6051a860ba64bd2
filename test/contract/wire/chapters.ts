import type { Chapter } from '../specification.js';
import { errors } from './errors.js';
import { requests } from './requests.js';
import { signatures } from './signatures.js';
import { validation } from './validation.js';

export const wireChapters: readonly Chapter[] = [requests, signatures, validation, errors];
