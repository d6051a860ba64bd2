import { askSimulator } from '../asked.js';
import { changeSetsChapters } from './chapters.js';

askSimulator(changeSetsChapters);
