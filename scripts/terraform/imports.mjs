// What `terraform import` is told of each type of resource, and what of a plan after it is not AWS's to answer.

/** Types that the provider cannot import, or would replace since it never reads what it was given (a key's text); they stay in the state. */
const UNIMPORTABLE = new Set([
  'aws_ami_copy', 'aws_ami_from_instance', 'aws_ebs_fast_snapshot_restore', 'aws_ebs_snapshot_copy', 'aws_ec2_transit_gateway_default_route_table_association', 'aws_ec2_transit_gateway_default_route_table_propagation',
  'aws_ec2_transit_gateway_multicast_domain_association', 'aws_ec2_transit_gateway_multicast_group_member',
  'aws_ec2_transit_gateway_multicast_group_source', 'aws_eip_domain_name', 'aws_iam_access_key', 'aws_iam_group_membership', 'aws_iam_policy_attachment', 'aws_iam_security_token_service_preferences', 'aws_key_pair', 'aws_main_route_table_association', 'aws_network_acl_association', 'aws_network_interface_attachment',
  'aws_network_interface_permission', 'aws_snapshot_create_volume_permission', 'aws_spot_instance_request', 'aws_vpc_dhcp_options_association', 'aws_vpc_endpoint_connection_accepter', 'aws_vpc_endpoint_service_allowed_principal',
  'aws_vpc_ipam_preview_next_cidr', 'aws_vpc_network_performance_metric_subscription', 'aws_vpn_connection_route', 'aws_vpn_gateway_attachment', 'aws_vpn_gateway_route_propagation',
]);

const routeTarget = (v) => v.destination_cidr_block || v.destination_ipv6_cidr_block || v.destination_prefix_list_id;

/** Types whose import does not go by the id in the state. */
const IDS = {
  aws_ami_launch_permission: (v) => `${v.account_id || v.group || v.organization_arn || v.organizational_unit_arn}/${v.image_id}`,
  aws_ec2_traffic_mirror_filter_rule: (v) => `${v.traffic_mirror_filter_id}:${v.id}`,
  aws_ec2_subnet_cidr_reservation: (v) => `${v.subnet_id}:${v.id}`,
  aws_ec2_transit_gateway_prefix_list_reference: (v) => `${v.transit_gateway_route_table_id}_${v.prefix_list_id}`,
  aws_iam_group_policy_attachment: (v) => `${v.group}/${v.policy_arn}`,
  aws_iam_group_policies_exclusive: (v) => v.group_name,
  aws_iam_group_policy_attachments_exclusive: (v) => v.group_name,
  aws_iam_user_policies_exclusive: (v) => v.user_name,
  aws_iam_user_policy_attachments_exclusive: (v) => v.user_name,
  aws_iam_role_policies_exclusive: (v) => v.role_name,
  aws_iam_role_policy_attachments_exclusive: (v) => v.role_name,
  aws_iam_role_policy_attachment: (v) => `${v.role}/${v.policy_arn}`,
  aws_iam_user_group_membership: (v) => [v.user, ...v.groups].join('/'),
  aws_iam_user_policy_attachment: (v) => `${v.user}/${v.policy_arn}`,
  aws_iam_user_ssh_key: (v) => `${v.username}:${v.ssh_public_key_id}:${v.encoding}`,
  aws_iam_user_login_profile: (v) => v.user,
  aws_default_route_table: (v) => v.vpc_id,
  aws_internet_gateway_attachment: (v) => `${v.internet_gateway_id}:${v.vpc_id}`,
  aws_network_acl_rule: (v) => `${v.network_acl_id}:${v.rule_number}:${v.protocol}:${v.egress}`,
  aws_network_interface_sg_attachment: (v) => `${v.network_interface_id}_${v.security_group_id}`,
  aws_placement_group: (v) => v.name,
  aws_route: (v) => `${v.route_table_id}_${routeTarget(v)}`,
  aws_route_table_association: (v) => `${v.subnet_id || v.gateway_id}/${v.route_table_id}`,
  aws_security_group_rule: (v) => {
    const group = v.self ? ['self'] : v.source_security_group_id ? [v.source_security_group_id] : [];
    const sources = [...group, ...(v.cidr_blocks ?? []), ...(v.ipv6_cidr_blocks ?? []), ...(v.prefix_list_ids ?? [])];
    return [v.security_group_id, v.type, v.protocol === '-1' ? 'all' : v.protocol, v.from_port, v.to_port, ...sources].join('_');
  },
  aws_volume_attachment: (v) => `${v.device_name}:${v.volume_id}:${v.instance_id}`,
  aws_vpc_endpoint_private_dns: (v) => v.vpc_endpoint_id,
  aws_vpc_endpoint_route_table_association: (v) => `${v.vpc_endpoint_id}/${v.route_table_id}`,
  aws_vpc_endpoint_security_group_association: (v) => `${v.vpc_endpoint_id}/${v.security_group_id}`,
  aws_vpc_endpoint_subnet_association: (v) => `${v.vpc_endpoint_id}/${v.subnet_id}`,
  aws_vpc_ipam_pool_cidr: (v) => `${v.cidr}_${v.ipam_pool_id}`,
  aws_vpc_route_server: (v) => v.route_server_id,
  aws_vpc_route_server_endpoint: (v) => v.route_server_endpoint_id,
  aws_vpc_route_server_peer: (v) => v.route_server_peer_id,
  aws_vpc_route_server_propagation: (v) => `${v.route_server_id},${v.route_table_id}`,
  aws_vpc_route_server_vpc_association: (v) => `${v.route_server_id},${v.vpc_id}`,
  aws_vpc_security_group_vpc_association: (v) => `${v.security_group_id},${v.vpc_id}`,
  aws_vpc_ipam_pool_cidr_allocation: (v) => `${v.ipam_pool_allocation_id}_${v.ipam_pool_id}`,
};

/** Arguments that the provider keeps to itself or that AWS never tells again: an import brings nothing for them. */
const UNTOLD = new Set([
  'apply_immediately', 'associate_with_private_ip', 'auto_accept', 'cascade', 'force_delete', 'force_destroy', 'force_detach', 'force_detach_policies', 'ipv4_netmask_length', 'ipv6_netmask_length', 'revoke_rules_on_delete', 'skip_destroy',
  'stop_instance_before_detaching', 'terminate_instances', 'timeouts', 'update_default_version', 'user_data_replace_on_change', 'wait_for_completion', 'wait_for_fulfillment',
]);

const managed = (module) => [...(module.resources ?? []).filter((r) => r.mode === 'managed'), ...(module.child_modules ?? []).flatMap(managed)];

/** `[{ address, id }]` of what a state (`terraform show -json`) has that can be imported. */
export const importable = (state) => managed(state.values?.root_module ?? {})
  .filter((r) => r.type.startsWith('aws_') && !UNIMPORTABLE.has(r.type))
  .map((r) => ({ address: r.address, id: String((IDS[r.type] ?? ((v) => v.id))(r.values)) }));

export const importBlocks = (found) => found.map(({ address, id }) => `import {\n  to = ${address}\n  id = ${JSON.stringify(id)}\n}\n`).join('');

const same = (a, b) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
const empty = (value) => value === null || value === undefined || value === '' || value === false || (Array.isArray(value) && value.length === 0);

/** `["aws_vpc.a: enable_dns_support false -> true", …]`: what a plan that only imports changes all the same. */
export function changesIn(plan) {
  return (plan.resource_changes ?? []).filter((r) => r.mode === 'managed').flatMap(({ address, change }) => {
    if (change.actions.includes('create') || change.actions.includes('delete')) return [`${address}: ${change.actions.join(' and ')} ${(change.replace_paths ?? []).map((path) => path.join('.')).join(', ')}`.trim()];
    if (!change.actions.includes('update')) return [];
    const names = Object.keys({ ...change.before, ...change.after });
    const changed = names.filter((name) => !same(change.before[name], change.after[name]) && change.after_unknown?.[name] !== true);
    return changed.filter((name) => !(UNTOLD.has(name) && empty(change.before[name]))).map((name) => `${address}: ${name} ${JSON.stringify(change.before[name])} -> ${JSON.stringify(change.after[name])}`);
  });
}
