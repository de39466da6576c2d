import { EC2Client } from '@aws-sdk/client-ec2';
import { call } from '../laws/samples/index.ts';
import { refusal, type Fogbank, type Refusal } from './fogbank.ts';

export interface Caller {
  go(operation: string, input?: Record<string, unknown>): Promise<any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- outputs of all operations
  refused(operation: string, input?: Record<string, unknown>): Promise<Refusal>;
}

/** Calls as the root of another account, or in another region. */
export function as(fb: Fogbank, over: { accessKeyId?: string; secretAccessKey?: string; region?: string } = {}): Caller {
  const there = { ...fb, ec2: new EC2Client(fb.config(over)) };
  return { go: (operation, input = {}) => call(there, operation, input), refused: (operation, input = {}) => refusal(call(there, operation, input)) };
}
