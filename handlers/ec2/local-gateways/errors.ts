import { AwsError } from '../../../src/kit/index.ts';
import * as general from '../errors.ts';

/** How the kinds of this family say that there is no such thing: `InvalidLocalGatewayRouteTableID.NotFound`. */
export const unknown = (name: string, noun: string, prefix: string) => ({
  notFound: general.notFound(`Invalid${name}ID.NotFound`, `${noun} ID`),
  malformed: general.malformedId(`Invalid${name}ID.Malformed`, prefix),
  inUse: general.hasDependencies(noun),
});

// assumed: the texts of the following, and their codes where AWS documents only that a call is refused.
export const notReady = (noun: string, id: string, state: string): AwsError => general.incorrectState(`The ${noun} '${id}' is in the '${state}' state.`);
export const otherGateway = (id: string, gatewayId: string): AwsError => general.invalidParameterValue(`${id} does not belong to the local gateway ${gatewayId}`);
export const routeNotFound = (tableId: string, destination: string): AwsError => new AwsError('InvalidRoute.NotFound', `There is no route with the destination ${destination} in the local gateway route table ${tableId}`);
export const vlanInUse = (vlan: number, lagId: string): AwsError => general.invalidValue(vlan, 'vlan', `It is in use on the Outpost LAG ${lagId}.`);
export const notReachable = (id: string, tableId: string): AwsError => general.invalidParameterValue(`The network interface ${id} is not of an Outpost subnet in a VPC that is associated with the local gateway route table ${tableId}`);
export const noOutpost = (arn: string): AwsError => general.invalidParameterValue(`The Outpost '${arn}' does not exist`);
export const outpostZone = (arn: string, zone: string): AwsError => general.invalidParameterValue(`The Outpost '${arn}' is not in the Availability Zone '${zone}'`);
export const directTable = (tableId: string): AwsError => general.invalidParameterValue(`The local gateway route table ${tableId} is not in the coip mode`);
export const blockConflict = (cidr: string, poolId: string): AwsError => general.invalidValue(cidr, 'cidr', `It overlaps with a CIDR block of the pool ${poolId}.`);
export const blockMissing = (cidr: string, poolId: string): AwsError => general.invalidValue(cidr, 'cidr', `It is not a CIDR block of the pool ${poolId}.`);
export const blockUsed = (cidr: string): AwsError => general.dependencyViolation(`The CIDR ${cidr} has allocated addresses.`);
export const poolOutOfReach = (poolId: string, interfaceId: string): AwsError => general.invalidParameterValue(`The addresses of the pool ${poolId} are for network interfaces on its Outpost in a VPC that is associated with its local gateway route table: ${interfaceId} is not one of these`);
