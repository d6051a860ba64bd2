import { askSimulator } from '../asked.js';
import { stacksChapters } from './chapters.js';

askSimulator(stacksChapters);
