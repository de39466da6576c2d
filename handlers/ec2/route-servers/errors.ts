import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

/** What a route server has not, EC2 tells as an error, where others answer an empty list. */
export const notAssociated = (id: string): AwsError => error('InvalidRouteServerId.NotAssociated', `Route Server ${id} is not associated with a VPC.`);
// assumed: these words; the code is what clients look for.
export const notPropagated = (id: string): AwsError => error('InvalidRouteServerId.NotPropagated', `Route Server ${id} does not propagate routes to a route table.`);
// assumed: the words of the wrong state.
export const incorrectState = (noun: string, id: string, state: string): AwsError => error('IncorrectState', `The ${noun} '${id}' is in the '${state}' state.`);
// assumed: this code and these words, as of what is associated or propagates twice.
export const alreadyAssociated = (id: string, vpcId: string): AwsError => error('InvalidRouteServerId.AlreadyAssociated', `Route Server ${id} is already associated with VPC ${vpcId}.`);
export const alreadyPropagated = (id: string, tableId: string): AwsError => error('InvalidRouteServerId.AlreadyPropagated', `Route Server ${id} already propagates routes to route table ${tableId}.`);
/** A VPC cannot be left while something in it still belongs to the route server. */
export const stillInUse = (id: string, by: string): AwsError => error('IncorrectState', `Route Server ${id} cannot be disassociated while ${by} exists.`);
