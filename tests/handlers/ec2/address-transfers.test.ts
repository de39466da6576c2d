import { beforeAll, describe, expect, it } from 'vitest';
import { fogbank, type Fogbank } from '../../support/fogbank.ts';
import { as, type Caller } from '../../support/others.ts';

const THEIR = '999999999999';
const DAY_MS = 86_400_000;
let fb: Fogbank;
let go: Caller['go'];
let refused: Caller['refused'];
let them: Caller;

beforeAll(async () => {
  fb = await fogbank();
  ({ go, refused } = as(fb));
  them = as(fb, { accessKeyId: THEIR });
});

const offered = async () => {
  const { AllocationId, PublicIp } = await go('AllocateAddress', { TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'ours', Value: 'x' }] }] });
  const { AddressTransfer } = await go('EnableAddressTransfer', { AllocationId, TransferAccountId: THEIR });
  return { AllocationId, PublicIp, AddressTransfer };
};

describe('address transfers', () => {
  it('an address changes hands, without its tags, and the offer is seen for 14 days more', async () => {
    const { AllocationId, PublicIp, AddressTransfer } = await offered();
    expect(AddressTransfer).toMatchObject({ AddressTransferStatus: 'pending', PublicIp, AllocationId, TransferAccountId: THEIR });
    expect(AddressTransfer.TransferOfferExpirationTimestamp.getTime()).toBeGreaterThan(Date.parse('2000-01-01'));
    const accepted = (await them.go('AcceptAddressTransfer', { Address: PublicIp, TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'theirs', Value: 'y' }] }] })).AddressTransfer;
    expect(accepted).toMatchObject({ AddressTransferStatus: 'accepted', PublicIp });
    expect((await them.go('DescribeAddresses', { PublicIps: [PublicIp] })).Addresses).toMatchObject([{ PublicIp, Tags: [{ Key: 'theirs', Value: 'y' }], PublicIpv4Pool: 'amazon' }]);
    expect((await refused('DescribeAddresses', { AllocationIds: [AllocationId] })).code).toBe('InvalidAllocationID.NotFound');
    expect((await go('DescribeAddressTransfers', { AllocationIds: [AllocationId] })).AddressTransfers).toMatchObject([{ AddressTransferStatus: 'accepted' }]);
    expect((await them.refused('AcceptAddressTransfer', { Address: PublicIp })).code).toBe('InvalidTransfer.NotFound');
    fb.machine.clock.advance(14 * DAY_MS + 1);
    expect((await go('DescribeAddressTransfers')).AddressTransfers).toEqual([]);
  });

  it('an offer ends after seven days, when it is withdrawn, and with its address', async () => {
    const one = await offered();
    fb.machine.clock.advance(7 * DAY_MS - 1000);
    expect((await go('DescribeAddressTransfers')).AddressTransfers).toHaveLength(1);
    fb.machine.clock.advance(2000);
    expect((await go('DescribeAddressTransfers')).AddressTransfers).toEqual([]);
    expect((await them.refused('AcceptAddressTransfer', { Address: one.PublicIp })).code).toBe('InvalidTransfer.NotFound');
    const two = await offered();
    expect((await go('DisableAddressTransfer', { AllocationId: two.AllocationId })).AddressTransfer.AddressTransferStatus).toBe('disabled');
    expect((await them.refused('AcceptAddressTransfer', { Address: two.PublicIp })).code).toBe('InvalidTransfer.NotFound');
    expect((await refused('DisableAddressTransfer', { AllocationId: two.AllocationId })).code).toBe('InvalidTransfer.NotFound');
    const three = await offered();
    await go('ReleaseAddress', { AllocationId: three.AllocationId });
    expect((await them.refused('AcceptAddressTransfer', { Address: three.PublicIp })).code).toBe('InvalidTransfer.NotFound');
  });

  it('AcceptAddressTransfer: is for the account that is meant, in the same Region, and for an address that is free of all', async () => {
    const { AllocationId, PublicIp } = await offered();
    expect((await as(fb, { accessKeyId: '888888888888' }).refused('AcceptAddressTransfer', { Address: PublicIp })).code).toBe('InvalidTransfer.NotFound');
    expect((await as(fb, { accessKeyId: THEIR, region: 'eu-west-1' }).refused('AcceptAddressTransfer', { Address: PublicIp })).code).toBe('InvalidTransfer.NotFound');
    await go('ModifyAddressAttribute', { AllocationId, DomainName: 'mail.example.com' });
    expect((await them.refused('AcceptAddressTransfer', { Address: PublicIp })).code).toBe('InvalidTransfer.AddressCustomPtrSet');
    const attributes = async () => (await go('DescribeAddressesAttribute', { AllocationIds: [AllocationId], Attribute: 'domain-name' })).Addresses;
    expect(await attributes()).toEqual([{ AllocationId, PublicIp, PtrRecord: 'mail.example.com.' }]);
    await go('ResetAddressAttribute', { AllocationId, Attribute: 'domain-name' });
    expect(await attributes()).toEqual([]);
    const [{ SubnetId }] = (await go('DescribeSubnets')).Subnets;
    const { NetworkInterfaceId } = (await go('CreateNetworkInterface', { SubnetId })).NetworkInterface;
    const { AssociationId } = await go('AssociateAddress', { AllocationId, NetworkInterfaceId });
    expect((await them.refused('AcceptAddressTransfer', { Address: PublicIp })).code).toBe('InvalidTransfer.AddressAssociated');
    await go('DisassociateAddress', { AssociationId });
    await them.go('AcceptAddressTransfer', { Address: PublicIp });
  });

  it('EnableAddressTransfer: refuses the own account, and what is no account', async () => {
    const { AllocationId } = await go('AllocateAddress', {});
    for (const TransferAccountId of ['123456789012', 'them']) expect((await refused('EnableAddressTransfer', { AllocationId, TransferAccountId })).code).toBe('InvalidParameterValue');
    expect((await refused('EnableAddressTransfer', { AllocationId: 'eipalloc-00000000000000000', TransferAccountId: THEIR })).code).toBe('InvalidAllocationID.NotFound');
  });

  it('AcceptAddressTransfer: is refused where the account has no room', async () => {
    const strict = await fogbank({ quotas: 'enforce' });
    const [ours, theirs] = [as(strict), as(strict, { accessKeyId: THEIR })];
    for (let i = 0; i < 5; i++) await theirs.go('AllocateAddress', {});
    const { AllocationId, PublicIp } = await ours.go('AllocateAddress', {});
    await ours.go('EnableAddressTransfer', { AllocationId, TransferAccountId: THEIR });
    expect((await theirs.refused('AcceptAddressTransfer', { Address: PublicIp })).code).toBe('AddressLimitExceeded');
    expect((await ours.go('DescribeAddresses', { AllocationIds: [AllocationId] })).Addresses).toHaveLength(1);
  });
});

describe('addresses of their own', () => {
  it('AllocateAddress: recovers an address that the account had, for a while', async () => {
    const { AllocationId, PublicIp } = await go('AllocateAddress', {});
    expect((await refused('AllocateAddress', { Address: PublicIp })).code).toBe('InvalidAddress.NotFound');
    await go('ReleaseAddress', { AllocationId });
    expect((await them.refused('AllocateAddress', { Address: PublicIp })).code).toBe('InvalidAddress.NotFound');
    const again = await go('AllocateAddress', { Address: PublicIp });
    expect([again.PublicIp, again.AllocationId === AllocationId]).toEqual([PublicIp, false]);
    await go('ReleaseAddress', { AllocationId: again.AllocationId });
    fb.machine.clock.advance(DAY_MS + 1);
    expect((await refused('AllocateAddress', { Address: PublicIp })).code).toBe('InvalidAddress.NotFound');
  });

  it('ReleaseAddress: refuses another network border group', async () => {
    const { AllocationId, PublicIp } = await go('AllocateAddress', { NetworkBorderGroup: 'us-east-1' });
    expect(await refused('ReleaseAddress', { AllocationId, NetworkBorderGroup: 'us-east-1-bos-1' })).toMatchObject({ code: 'InvalidAddress.NotFound', message: `Address '${PublicIp}' not found.` });
    expect((await refused('AllocateAddress', { NetworkBorderGroup: 'eu-west-1' })).code).toBe('InvalidParameterValue');
  });

  it('no address moves to or from EC2-Classic', async () => {
    const { PublicIp } = await go('AllocateAddress', {});
    expect((await refused('MoveAddressToVpc', { PublicIp })).code).toBe('InvalidParameterValue');
    expect((await refused('RestoreAddressToClassic', { PublicIp })).code).toBe('UnsupportedOperation');
    expect((await refused('MoveAddressToVpc', { PublicIp: '203.0.113.7' })).code).toBe('InvalidAddress.NotFound');
    expect((await go('DescribeMovingAddresses')).MovingAddressStatuses).toEqual([]);
    expect((await refused('DescribeMovingAddresses', { Filters: [{ Name: 'no-such-filter', Values: ['x'] }] })).code).toBe('InvalidParameterValue');
  });
});
