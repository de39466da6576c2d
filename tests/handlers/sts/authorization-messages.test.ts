import { CreateVolumeCommand, DeleteVolumeCommand, EC2Client } from '@aws-sdk/client-ec2';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { DecodeAuthorizationMessageCommand } from '@aws-sdk/client-sts';
import { expect, it } from 'vitest';
import { fogbank, refusal } from '../../support/fogbank.ts';

it('the decoded message tells the statement that denied, and whom', async () => {
  const fb = await fogbank();
  const UserName = 'bob';
  const { User } = await fb.iam.send(new CreateUserCommand({ UserName }));
  const { AccessKey } = await fb.iam.send(new CreateAccessKeyCommand({ UserName }));
  const never = { Sid: 'Never', Effect: 'Deny', Action: ['ec2:DeleteVolume'], Resource: '*', Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } };
  await fb.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'never', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [never] }) }));
  const { VolumeId } = await fb.ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 }));
  const bob = new EC2Client(fb.config({ accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }));
  const { message } = await refusal(bob.send(new DeleteVolumeCommand({ VolumeId })));
  const EncodedMessage = message.split('Encoded authorization failure message: ')[1]!;
  const { DecodedMessage } = await fb.sts.send(new DecodeAuthorizationMessageCommand({ EncodedMessage }));
  const { allowed, explicitDeny, matchedStatements } = JSON.parse(DecodedMessage!);
  expect([allowed, explicitDeny]).toEqual([false, true]);
  expect(matchedStatements.items).toEqual([{
    statementId: 'Never', effect: 'DENY', principals: { items: [{ value: User!.UserId }] }, principalGroups: { items: [] }, actions: { items: [{ value: 'ec2:DeleteVolume' }] }, resources: { items: [{ value: '*' }] },
    conditions: { items: [{ key: 'aws:RequestedRegion', values: { items: [{ value: 'us-east-1' }] } }] },
  }]);
});
