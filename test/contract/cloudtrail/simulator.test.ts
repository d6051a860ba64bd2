import { askSimulator } from '../asked.js';
import { cloudTrailChapters } from './chapters.js';

askSimulator(cloudTrailChapters);
