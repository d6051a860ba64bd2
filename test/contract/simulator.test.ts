import { askSimulator } from './asked.js';
import { CHAPTERS } from './chapters.js';

askSimulator(CHAPTERS);
