import { askSimulator } from '../asked.js';
import { s3Chapters } from './chapters.js';

askSimulator(s3Chapters);
