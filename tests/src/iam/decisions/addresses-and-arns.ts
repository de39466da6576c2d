import { conditions, GUIDE, type Condition } from './rows.ts';

/** IP addresses and ARNs in conditions; a negated operator holds where its positive one does not. */

const OPERATORS = `${GUIDE}/reference_policies_elements_condition_operators.html`;
const IP = `${OPERATORS}#Conditions_IPAddress`;
const ARN = `${OPERATORS}#Conditions_ARN`;
const IF_EXISTS = `${OPERATORS}#Conditions_IfExists`;
const MALFORMED = 'assumed: what is no address or range matches nothing';

type Sample = readonly [what: string, values: unknown, given: string, matches: boolean, source?: string];

const RANGES: readonly Sample[] = [
  ['where the address is in the range', '203.0.113.0/24', '203.0.113.7', true],
  ['where the address is the first of the range', '203.0.113.0/24', '203.0.113.0', true],
  ['where the address is the last of the range', '203.0.113.0/24', '203.0.113.255', true],
  ['where the address is before the range', '203.0.113.0/24', '203.0.112.255', false],
  ['where the address is behind the range', '203.0.113.0/24', '203.0.114.0', false],
  ['where the range is within an octet and the address in it', '10.0.0.64/26', '10.0.0.127', true],
  ['where the range is within an octet and the address behind it', '10.0.0.64/26', '10.0.0.128', false],
  ['where the range is all of IPv4', '0.0.0.0/0', '255.255.255.255', true],
  ['where the range is half of IPv4 and the address in the other', '0.0.0.0/1', '128.0.0.0', false],
  ['where the range is one address', '203.0.113.7/32', '203.0.113.7', true],
  ['where the range is the address beside', '203.0.113.7/32', '203.0.113.6', false],
  ['where the range is two addresses', '203.0.113.6/31', '203.0.113.7', true],
  ['where no prefix is written and the address is the one', '203.0.113.7', '203.0.113.7', true],
  ['where no prefix is written and the address is another one', '203.0.113.7', '203.0.113.8', false],
  ['where the range is written with bits behind its prefix', '203.0.113.99/24', '203.0.113.7', true, 'assumed: the bits behind a prefix do not count'],
  ['where the second of two ranges has the address', ['198.51.100.0/24', '203.0.113.0/24'], '203.0.113.7', true],
  ['where neither of two ranges has the address', ['198.51.100.0/24', '192.0.2.0/24'], '203.0.113.7', false],
  ['where an IPv6 address is in the range', '2001:DB8:1234:5678::/64', '2001:db8:1234:5678:1::9', true],
  ['where an IPv6 address is not in the range', '2001:DB8:1234:5678::/64', '2001:db8:1234:5679::1', false],
  ['where the range is all of IPv6', '::/0', '2001:db8::1', true],
  ['where the range is one IPv6 address', '2001:db8::1/128', '2001:db8:0:0:0:0:0:1', true],
  ['where the range is the IPv6 address beside', '2001:db8::1/128', '2001:db8::2', false],
  ['where IPv6 addresses are written in two ways', '2001:db8:0:0:1::/80', '2001:0DB8::1:0:0:1', true],
  ['where an IPv6 range ends within a group', '2001:db8:ff00::/40', '2001:db8:ff12::1', true],
  ['where an IPv6 address has no prefix and is the one', '2001:db8::1', '2001:db8::1', true, 'assumed: an IPv6 address without a prefix is that address alone'],
  ['where an IPv6 address has no prefix and another is given', '2001:db8::1', '2001:db8::2', false, 'assumed: an IPv6 address without a prefix is that address alone'],
  ['where IPv4 and IPv6 ranges are mixed and the address is of the second', ['203.0.113.0/24', '2001:DB8:1234:5678::/64'], '2001:db8:1234:5678::1', true],
  ['where all of IPv4 meets IPv6', '0.0.0.0/0', '2001:db8::1', false, 'assumed: a range has addresses of its own family alone'],
  ['where all of IPv6 meets IPv4', '::/0', '203.0.113.7', false, 'assumed: a range has addresses of its own family alone'],
  ['where the loopbacks of the families meet', '::1', '0.0.0.1', false, 'assumed: a range has addresses of its own family alone'],
  ['where the prefix is too long', '203.0.113.7/33', '203.0.113.7', false, MALFORMED],
  ['where the IPv6 prefix is too long', '2001:db8::1/129', '2001:db8::1', false, MALFORMED],
  ['where the prefix is empty', '10.0.0.0/', '203.0.113.7', false, MALFORMED],
  ['where the prefix is no number', '10.0.0.0/all', '10.0.0.0', false, MALFORMED],
  ['where the prefix is negative', '0.0.0.0/-0', '203.0.113.7', false, MALFORMED],
  ['where the prefix is in hexadecimals', '10.0.0.0/0x0', '203.0.113.7', false, MALFORMED],
  ['where the prefix is in scientific notation', '10.0.0.0/0e0', '203.0.113.7', false, MALFORMED],
  ['where there are two prefixes', '0.0.0.0/0/0', '203.0.113.7', false, MALFORMED],
  ['where an octet is too large', '256.0.0.0/0', '203.0.113.7', false, MALFORMED],
  ['where an octet is missing', '203.0.113/24', '203.0.113.7', false, MALFORMED],
  ['where two gaps are in an IPv6 range', '::1::/0', '2001:db8::1', false, MALFORMED],
  ['where a group is missing in an IPv6 range', '1:2:3:4:5:6:7/0', '2001:db8::1', false, MALFORMED],
  ['where a group of an IPv6 range has five digits', '20011:db8::/0', '2001:db8::1', false, MALFORMED],
  ['where the policy has a wildcard', '203.0.113.*', '203.0.113.7', false, IP],
  ['where the policy has a word', 'everywhere', '203.0.113.7', false, MALFORMED],
  ['where the request has a word', '0.0.0.0/0', 'cloudformation.amazonaws.com', false, MALFORMED],
  ['where the request has an empty address', '::/0', '', false, MALFORMED],
];

const both = (samples: readonly Sample[], positive: readonly string[], negated: readonly string[]): Condition[] => samples.flatMap(([what, values, given, matches, source]) => [
  ...positive.map((operator): Condition => [what, operator, values, given, matches, source]),
  ...negated.map((operator): Condition => [what, operator, values, given, !matches, source]),
]);

const missing = (value: string, positive: readonly string[], negated: readonly string[]): Condition[] => [...positive, ...negated].flatMap((operator): Condition[] => [
  ['where the request has no such key', operator, value, undefined, negated.includes(operator)],
  ['where the request has no such key', `${operator}IfExists`, value, undefined, true, IF_EXISTS],
]);

const ARNS: readonly Sample[] = [
  ['where both are the same', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws:sns:us-east-1:111122223333:topic', true],
  ['where the names differ', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws:sns:us-east-1:111122223333:other', false],
  ['where the names differ in case', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws:sns:us-east-1:111122223333:Topic', false],
  ['where the partitions differ', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws-cn:sns:us-east-1:111122223333:topic', false],
  ['where the accounts differ', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws:sns:us-east-1:444455556666:topic', false],
  ['where a star stands for the region', 'arn:aws:sns:*:111122223333:topic', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['where a star stands for a region that is not there', 'arn:aws:iam:*:111122223333:role/a', 'arn:aws:iam::111122223333:role/a', true],
  ['where stars stand for region, account and name', 'arn:aws:sns:*:*:*', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['where stars stand for all parts', 'arn:*:*:*:*:*', 'arn:aws:sns:eu-west-1:111122223333:topic', true],
  ['where a star stands for a part of the region', 'arn:aws:sns:us-*:111122223333:topic', 'arn:aws:sns:us-west-2:111122223333:topic', true],
  ['where a star stands for a part of another region', 'arn:aws:sns:us-*:111122223333:topic', 'arn:aws:sns:eu-west-2:111122223333:topic', false],
  ['where a question mark stands for a digit', 'arn:aws:sns:us-east-?:111122223333:topic', 'arn:aws:sns:us-east-2:111122223333:topic', true],
  ['where a question mark would have to stand for a colon', 'arn:aws:sns:us-east-1?111122223333:topic:x', 'arn:aws:sns:us-east-1:111122223333:topic:x', false],
  ['where the star would have to reach over colons, as in the documentation', 'arn:aws:someservice:*:111122223333:finance/*', 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt', false],
  ['where the star of the documentation stays in its part', 'arn:aws:someservice:*:111122223333:finance/*', 'arn:aws:someservice:us-east-2:111122223333:finance/document.txt', true],
  ['where a star reaches over slashes', 'arn:aws:iam::111122223333:role/*', 'arn:aws:iam::111122223333:role/path/to/worker', true],
  ['where a star in the last part reaches over colons there', 'arn:aws:logs:*:*:log-group:*', 'arn:aws:logs:us-east-1:111122223333:log-group:web:log-stream:a', true, 'assumed: the sixth part is all that is left, colons too'],
  ['where the value has fewer parts', 'arn:aws:sns:*:*:*', 'arn:aws:sns:us-east-1', false],
  ['where the value is no ARN', 'arn:aws:sns:*:*:*', 'topic', false],
  ['where a lone star meets an ARN', '*', 'arn:aws:sns:us-east-1:111122223333:topic', true, 'assumed: a lone star is any ARN'],
  ['where the last star stands for parts that are left out', 'arn:aws:sns:*', 'arn:aws:sns:us-east-1:111122223333:topic', true, 'assumed: a star at the end of fewer than six parts is all that is left'],
  ['where parts are left out and the service differs', 'arn:aws:sqs:*', 'arn:aws:sns:us-east-1:111122223333:topic', false, 'assumed: a star at the end of fewer than six parts is all that is left'],
  ['where parts are left out and no star is there', 'arn:aws:sns', 'arn:aws:sns:us-east-1:111122223333:topic', false],
  ['where the second of two patterns matches', ['arn:aws:sqs:*:*:*', 'arn:aws:sns:*:*:topic'], 'arn:aws:sns:us-east-1:111122223333:topic', true],
  ['where neither of two patterns matches', ['arn:aws:sqs:*:*:*', 'arn:aws:sns:*:*:x'], 'arn:aws:sns:us-east-1:111122223333:topic', false],
  ['where the wildcard is the value\'s own', 'arn:aws:sns:us-east-1:111122223333:topic', 'arn:aws:sns:us-east-1:111122223333:*', false],
];

const POSITIVE = ['ArnEquals', 'ArnLike'] as const;
const NEGATIVE = ['ArnNotEquals', 'ArnNotLike'] as const;

const SAYING: readonly Condition[] = [
  ['where a string operator\'s star reaches over colons, as in the documentation', 'StringLike', 'arn:aws:someservice:*:111122223333:finance/*', 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt', true],
];

export const addressesAndArns = [
  ...conditions('aws:SourceIp', IP, [...both(RANGES, ['IpAddress'], ['NotIpAddress']), ...missing('0.0.0.0/0', ['IpAddress'], ['NotIpAddress'])]),
  ...conditions('aws:SourceArn', ARN, [...both(ARNS, POSITIVE, NEGATIVE), ...missing('arn:aws:sns:*:*:*', POSITIVE, NEGATIVE), ...SAYING]),
];
