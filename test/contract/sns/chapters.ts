import type { Chapter } from '../specification.js';
import { publish } from './publish.js';
import { createTopic, deleteTopic, getTopicAttributes } from './topics.js';

export const snsChapters: readonly Chapter[] = [createTopic, getTopicAttributes, deleteTopic, publish];
