import { AwsError } from '../../../src/kit/index.ts';

const error = (code: string, message: string): AwsError => new AwsError(code, message, 400);

// assumed: the codes and texts of a limit and of the wrong state.
export const endpointLimitExceeded = (what: string, max: number): AwsError => error('ResourceLimitExceeded', `You have reached the limit of ${max} EC2 Instance Connect Endpoints per ${what}.`);
export const incorrectEndpointState = (id: string, state: string): AwsError => error('IncorrectState', `The EC2 Instance Connect Endpoint '${id}' is in the '${state}' state.`);
