import { askSimulator } from '../asked.js';
import { serverlessrepoChapters } from './chapters.js';

askSimulator(serverlessrepoChapters);
