import { askSimulator } from '../asked.js';
import { stackSetsChapters } from './chapters.js';

askSimulator(stackSetsChapters);
