import { askSimulator } from '../asked.js';
import { wireChapters } from './chapters.js';

askSimulator(wireChapters);
