import type { Family } from '../family.ts';
import { securityGroupRuleOperations } from './security-group-rule-operations.ts';
import { securityGroupRules } from './security-group-rules.ts';
import { securityGroupOperations, securityGroups } from './security-groups.ts';
import { securityGroupVpcAssociations, vpcAssociationOperations } from './vpc-associations.ts';

export const securityGroupsFamily: Family = {
  resources: [securityGroups, securityGroupRules, securityGroupVpcAssociations],
  operations: { ...securityGroupOperations, ...securityGroupRuleOperations, ...vpcAssociationOperations },
};
