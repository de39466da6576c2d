import * as sdk from '@aws-sdk/client-iam';
import { IAMClient } from '@aws-sdk/client-iam';
import { refusal, type Fogbank, type Refusal } from './fogbank.ts';

export interface IamCalls {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- outputs of all operations
  go(operation: string, input?: Record<string, unknown>): Promise<any>;
  refused(operation: string, input?: Record<string, unknown>): Promise<Refusal>;
}

/** Calls of IAM by the operations' names. */
export function iamCalls(client: () => IAMClient): IamCalls {
  const go: IamCalls['go'] = (operation, input = {}) => {
    const Command = (sdk as unknown as Record<string, new (input: unknown) => never>)[`${operation}Command`]!;
    return client().send(new Command(input));
  };
  return { go, refused: (operation, input) => refusal(go(operation, input)) };
}

const EVERYTHING = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iam:*', Resource: '*' }] });

/** The same, signed by a user with an access key of its own, who may do everything by its policy 'everything', or nothing. */
export async function callsAs(fb: Fogbank, userName: string, may: 'everything' | 'nothing' = 'everything'): Promise<IamCalls> {
  const { go } = iamCalls(() => fb.iam);
  const { AccessKey } = await go('CreateAccessKey', { UserName: userName });
  if (may === 'everything') await go('PutUserPolicy', { UserName: userName, PolicyName: may, PolicyDocument: EVERYTHING });
  const client = new IAMClient(fb.config({ accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }));
  return iamCalls(() => client);
}
