import { centralLogging } from './central-logging.js';
import { securityResponse } from './security-response.js';
import type { SolutionStandIn } from './solution-stand-in.js';
import { webFirewall } from './web-firewall.js';

/** What the simulated publisher of AWS solution implementations offers to everybody from the start. */
export const SOLUTIONS: readonly SolutionStandIn[] = [securityResponse, centralLogging, webFirewall];
