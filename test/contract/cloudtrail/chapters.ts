import type { Chapter } from '../specification.js';
import { lookupEvents } from './lookup-events.js';
import { people } from './people.js';

export const cloudTrailChapters: readonly Chapter[] = [lookupEvents, people];
