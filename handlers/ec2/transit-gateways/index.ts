import type { Family } from '../family.ts';
import { announcementOperations, announcements } from './announcements.ts';
import { associationOperations, associations } from './associations.ts';
import { attachmentOperations, attachments } from './attachments.ts';
import { connectPeerOperations, connectPeers } from './connect-peers.ts';
import { connectOperations } from './connects.ts';
import { meteringPolicies, meteringPolicyOperations } from './metering-policies.ts';
import { meteringPolicyEntries, meteringPolicyEntryOperations } from './metering-policy-entries.ts';
import { multicastAssociationOperations, multicastAssociations } from './multicast-associations.ts';
import { multicastDomainOperations, multicastDomains } from './multicast-domains.ts';
import { multicastGroupOperations, multicastGroups } from './multicast-groups.ts';
import { natConfigurationOperations, natConfigurations } from './nat-configurations.ts';
import { peeringAttachmentOperations } from './peering-attachments.ts';
import { policyTableEntries, policyTableEntryOperations } from './policy-table-entries.ts';
import { policyTableOperations, policyTables } from './policy-tables.ts';
import { prefixListReferenceOperations, prefixListReferences } from './prefix-list-references.ts';
import { propagationOperations, propagations } from './propagations.ts';
import { routeSearchOperations } from './route-search.ts';
import { routeTableOperations, transitGatewayRouteTables } from './route-tables.ts';
import { transitGatewayRouteOperations, transitGatewayRoutes } from './routes.ts';
import { transitGatewayOperations, transitGateways } from './transit-gateways.ts';
import { vpcAttachmentOperations } from './vpc-attachments.ts';

export const transitGatewaysFamily: Family = {
  resources: [
    transitGateways, attachments, connectPeers, transitGatewayRouteTables, associations, propagations, transitGatewayRoutes, prefixListReferences, announcements,
    multicastDomains, multicastAssociations, multicastGroups, policyTables, policyTableEntries, meteringPolicies, meteringPolicyEntries, natConfigurations,
  ],
  operations: {
    ...transitGatewayOperations, ...attachmentOperations, ...vpcAttachmentOperations, ...peeringAttachmentOperations, ...connectOperations, ...connectPeerOperations, ...natConfigurationOperations,
    ...routeTableOperations, ...associationOperations, ...propagationOperations, ...transitGatewayRouteOperations, ...routeSearchOperations, ...prefixListReferenceOperations, ...announcementOperations,
    ...multicastDomainOperations, ...multicastAssociationOperations, ...multicastGroupOperations, ...policyTableOperations, ...policyTableEntryOperations, ...meteringPolicyOperations, ...meteringPolicyEntryOperations,
  },
};
