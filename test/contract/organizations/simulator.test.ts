import { askSimulator } from '../asked.js';
import { organizationsChapters } from './chapters.js';

askSimulator(organizationsChapters);
