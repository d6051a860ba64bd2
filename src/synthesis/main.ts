// The network is shut before anything else is loaded.
import './isolation.js';
import { readFileSync, writeFileSync } from 'node:fs';
import { ANSWER_FILE } from '../blocks/construct/construct-contract.js';
import type { SynthesisRequest } from '../blocks/construct/construct-contract.js';
import { synthesise } from './synthesise.js';

const request = JSON.parse(readFileSync(0, 'utf8')) as SynthesisRequest;
writeFileSync(ANSWER_FILE, JSON.stringify(synthesise(request)));
// A construct may have left a timer behind.
process.exit(0);
