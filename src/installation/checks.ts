import { checkTemplates, unrecorded } from '../checks/checks.js';
import { createTemplateRules } from '../checks/template-rules.js';
import type { Checks } from '../reconciler/ports.js';
import type { Environment } from './session.js';

/** Set to `off`, CloudFormation's own rules are not asked: they take seconds and hundreds of megabytes where a template is new. */
const SWITCH = 'EVENKEEL_TEMPLATE_RULES';

/** One for the process: what was answered once is not asked again by a second session. */
const RULES = createTemplateRules();

export function createChecks(env: Environment): Checks {
  const rules = (env[SWITCH] ?? process.env[SWITCH]) === 'off' ? null : RULES;
  return {
    check: checkTemplates,
    advise: async (input, signal) => (rules === null ? [] : rules.ask(unrecorded(input), signal)),
  };
}
