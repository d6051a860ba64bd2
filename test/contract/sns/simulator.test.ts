import { askSimulator } from '../asked.js';
import { snsChapters } from './chapters.js';

askSimulator(snsChapters);
