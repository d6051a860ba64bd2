import { askSimulator } from '../asked.js';
import { stsChapters } from './chapters.js';

askSimulator(stsChapters);
