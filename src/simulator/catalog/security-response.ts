import { securityResponseAdmin } from './security-response-admin.js';
import { securityResponseMember, securityResponseMemberRoles } from './security-response-member.js';
import { securityResponseParts } from './security-response-parts.js';
import type { SolutionStandIn } from './solution-stand-in.js';

/** In the shape of the real one: one administrator, roles for each account, members for each Region, and playbooks nested in both. */
export const securityResponse: SolutionStandIn = {
  folder: 'automated-security-response-on-aws',
  versions: ['v3.1.4', 'v3.1.5'],
  archives: ['lambda/layer.zip', 'lambda/deployment_metrics_custom_resource.zip', 'lambda/wait_provider.zip'],
  templates: (edition) => ({
    'automated-security-response-admin.template': securityResponseAdmin(edition),
    'automated-security-response-member.template': securityResponseMember(edition),
    'automated-security-response-member-roles.template': securityResponseMemberRoles(edition),
    ...securityResponseParts(edition),
  }),
};
