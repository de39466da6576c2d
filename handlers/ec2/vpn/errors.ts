import { AwsError } from '../../../src/kit/index.ts';

/** Errors that only Site-to-Site VPN gives: one function a code, as https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html lists them. */
const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

// assumed: the texts of these.
export const connectionNotAvailable = (id: string, state: string): AwsError => error('InvalidVpnConnection.InvalidState', `The VPN connection ${id} is in the '${state}' state.`);
export const noStaticRoutes = (id: string): AwsError => error('InvalidVpnConnection.InvalidType', `The VPN connection ${id} does not support static routes.`);
export const deviceTypeNotFound = (id: string): AwsError => error('InvalidVpnConnectionDeviceTypeId.NotFound', `The VPN connection device type ID '${id}' does not exist`);
export const concentratorMalformed = (id: string): AwsError => error('InvalidVpnConcentratorID.Malformed', `Invalid id: "${id}" (expecting "vcn-...")`);
