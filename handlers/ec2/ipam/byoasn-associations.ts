import type { AsnAssociation } from '@aws-sdk/client-ec2';
import type { Wire } from '../../../protocols/wire-types.ts';
import { AwsError, minutes, resource, type Context } from '../../../src/kit/index.ts';

/** `Key` is what an association is known by: its two ends. It is not of the model and never shown. */
export type StoredAsnAssociation = Wire<AsnAssociation> & { readonly Key: string };

/** Which of the account's own ASNs announces a range of its own. Kept where the range is. */
export const byoasnAssociations = resource<StoredAsnAssociation>({
  service: 'ec2',
  kind: 'ipam-byoasn-association',
  shape: 'AsnAssociation',
  id: { member: 'Key' },
  notFound: (ids) => new AwsError('InvalidParameterValue', `There is no association ${ids[0]}`),
  tags: null,
  state: 'State',
  lifecycle: { 'pending-association': { after: minutes(2), to: 'associated' }, 'pending-disassociation': { after: minutes(2), to: 'gone' } },
  indexed: ['Cidr', 'Asn'],
});

export const keyOf = (asn: string, cidr: string): string => `${asn} ${cidr}`;

export const byoasnsOf = (ctx: Context, cidr: string): Promise<StoredAsnAssociation[]> => ctx.list(byoasnAssociations, { member: 'Cidr', value: cidr });
