import { DescribeImagesCommand } from '@aws-sdk/client-ec2';
import * as sdk from '@aws-sdk/client-ssm';
import { SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { fogbank, refusal, type Fogbank, type Refusal } from '../../support/fogbank.ts';

const ACCOUNT = '123456789012';
const arn = (path: string) => `arn:aws:ssm:us-east-1:${ACCOUNT}:parameter${path}`;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- outputs of all operations
const go = (fb: Fogbank, operation: string, input: Record<string, unknown> = {}, region = 'us-east-1'): Promise<any> => {
  const Command = (sdk as unknown as Record<string, new (input: unknown) => never>)[`${operation}Command`]!;
  return new SSMClient(fb.config({ region })).send(new Command(input));
};
const refused = (fb: Fogbank, operation: string, input: Record<string, unknown> = {}): Promise<Refusal> => refusal(go(fb, operation, input));
const put = (fb: Fogbank, Name: string, Value: string, more: Record<string, unknown> = {}) => go(fb, 'PutParameter', { Name, Value, Type: 'String', ...more });
const got = async (fb: Fogbank, Name: string, more: Record<string, unknown> = {}) => (await go(fb, 'GetParameter', { Name, ...more })).Parameter;

describe('a parameter', () => {
  it('is put and got by name, ARN, version and label', async () => {
    const fb = await fogbank();
    expect(await put(fb, '/shop/db/host', 'one')).toMatchObject({ Version: 1, Tier: 'Standard' });
    expect(await put(fb, '/shop/db/host', 'two', { Overwrite: true, Type: undefined })).toMatchObject({ Version: 2 });
    const whole = { Name: '/shop/db/host', Type: 'String', Value: 'two', Version: 2, ARN: arn('/shop/db/host'), DataType: 'text', LastModifiedDate: expect.any(Date) };
    expect(await got(fb, '/shop/db/host')).toEqual(whole);
    expect(await got(fb, arn('/shop/db/host'))).toEqual(whole);
    expect(await got(fb, '/shop/db/host:1')).toMatchObject({ Value: 'one', Version: 1, Selector: ':1' });
    await go(fb, 'LabelParameterVersion', { Name: '/shop/db/host', ParameterVersion: 1, Labels: ['live'] });
    expect(await got(fb, `${arn('/shop/db/host')}:live`)).toMatchObject({ Value: 'one', Name: '/shop/db/host', Selector: ':live' });
    expect(await refused(fb, 'GetParameter', { Name: '/shop/db/host:3' })).toMatchObject({ code: 'ParameterVersionNotFound', message: 'Systems Manager could not find version 3 of /shop/db/host. Verify the version and try again.' });
    expect(await refused(fb, 'GetParameter', { Name: '/shop/db/host:dead' })).toMatchObject({ code: 'ParameterVersionNotFound' });
    expect(await refused(fb, 'GetParameter', { Name: '/shop/db' })).toMatchObject({ code: 'ParameterNotFound', status: 400 });
    expect(await refused(fb, 'GetParameter', { Name: arn('/shop/db/host').replace(ACCOUNT, '210987654321') })).toMatchObject({ code: 'ParameterNotFound' });
  });

  it('of one level is the same with and without its slash', async () => {
    const fb = await fogbank();
    await put(fb, 'host', 'a');
    expect(await got(fb, '/host')).toMatchObject({ Name: '/host', Value: 'a', ARN: arn('/host') });
    expect(await refused(fb, 'PutParameter', { Name: '/host', Value: 'b', Type: 'String' })).toMatchObject({ code: 'ParameterAlreadyExists', message: 'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.' });
  });

  it.each([
    ['ssm-host', 'ValidationException', /^Parameter name: can't be prefixed with "ssm"/], ['a/b', 'ValidationException', /sub-paths divided by slash symbol/], ['/a//b', 'ValidationException', /sub-paths/], ['/a b', 'ValidationException', /sub-paths/],
    ['awslimitschecker', 'AccessDeniedException', /^No access to reserved parameter name: awslimitschecker\.$/], ['/aws/service/x', 'AccessDeniedException', /reserved/],
    [`/${Array.from({ length: 16 }, () => 'a').join('/')}`, 'HierarchyLevelLimitExceededException', /15 levels/], [`/${'a'.repeat(1000)}`, 'ValidationException', /1011/],
  ])('is not called %s', async (Name, code, message) => {
    const fb = await fogbank();
    expect(await refused(fb, 'PutParameter', { Name, Value: 'v', Type: 'String' })).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('keeps what an overwriting call does not say', async () => {
    const fb = await fogbank();
    await put(fb, 'n', '1', { Description: 'a number', AllowedPattern: '^\\d+$', Tier: 'Advanced' });
    await put(fb, 'n', '2', { Overwrite: true, Type: undefined });
    expect((await go(fb, 'DescribeParameters')).Parameters).toEqual([{
      Name: 'n', ARN: arn('/n'), Type: 'String', Description: 'a number', AllowedPattern: '^\\d+$', Tier: 'Advanced', Version: 2, DataType: 'text', Policies: [], LastModifiedDate: expect.any(Date), LastModifiedUser: expect.stringContaining(ACCOUNT),
    }]);
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x', Overwrite: true })).toMatchObject({ code: 'ParameterPatternMismatchException', message: 'Parameter value, cannot be validated against allowedPattern: ^\\d+$' });
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: '3', Overwrite: true, Tier: 'Standard' })).toMatchObject({ code: 'ValidationException', message: expect.stringContaining("You can't downgrade") });
    expect(await refused(fb, 'PutParameter', { Name: 'm', Value: '3', Type: 'String', AllowedPattern: '(' })).toMatchObject({ code: 'InvalidAllowedPatternException' });
    // A pattern that would hold everybody up for hours is broken off.
    expect(await refused(fb, 'PutParameter', { Name: 'm', Value: `${'a'.repeat(60)}!`, Type: 'String', AllowedPattern: '^(a+)+$' })).toMatchObject({ code: 'InvalidAllowedPatternException' });
  });

  it('has a tier that its value fits in', async () => {
    const fb = await fogbank();
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x'.repeat(4097), Type: 'String' })).toMatchObject({ code: 'ValidationException', message: expect.stringContaining('Standard tier parameters support a maximum parameter value of 4096 characters.') });
    expect(await put(fb, 'n', 'x'.repeat(4097), { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Advanced' });
    expect(await put(fb, 'n', 'x', { Tier: 'Intelligent-Tiering', Overwrite: true })).toMatchObject({ Tier: 'Advanced' });
    expect(await put(fb, 'm', 'x', { Tier: 'Intelligent-Tiering' })).toMatchObject({ Tier: 'Standard' });
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x'.repeat(8193), Type: 'String', Tier: 'Advanced', Overwrite: true })).toMatchObject({ code: 'ValidationException' });
  });

  it('needs a type, a value and no policies; tags only where it is new', async () => {
    const fb = await fogbank();
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x' })).toMatchObject({ code: 'ValidationException', message: 'A parameter type is required when you create a parameter.' });
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: '', Type: 'String' })).toMatchObject({ code: 'ValidationException' });
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x', Type: 'String', Tier: 'Advanced', Policies: '[{}]' })).toMatchObject({ code: 'ValidationException' });
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x', Type: 'String', Overwrite: true, Tags: [{ Key: 'a', Value: 'b' }] })).toMatchObject({ message: expect.stringMatching(/^Invalid request: tags and overwrite can't be used together\./) });
    expect(await refused(fb, 'PutParameter', { Name: 'n', Value: 'x', Type: 'String', DataType: 'AWS:EC2:Image' })).toMatchObject({ message: 'The following data type is not supported: AWS:EC2:Image (Data type names are all lowercase.)' });
  });

  it('of the type SecureString is shown in clear to whom asks for that alone, and lies sealed in the store', async () => {
    const fb = await fogbank();
    await put(fb, '/secret', 'hunter2', { Type: 'SecureString' });
    const { Value } = await got(fb, '/secret');
    expect(Value).toMatch(/^[A-Za-z0-9+/]+=*$/);
    expect(Value).not.toContain('hunter2');
    expect(await got(fb, '/secret', { WithDecryption: true })).toMatchObject({ Type: 'SecureString', Value: 'hunter2' });
    expect((await go(fb, 'GetParametersByPath', { Path: '/', WithDecryption: true })).Parameters).toMatchObject([{ Value: 'hunter2' }]);
    expect((await go(fb, 'GetParameterHistory', { Name: '/secret' })).Parameters).toMatchObject([{ Value, KeyId: 'alias/aws/ssm' }]);
    const row = await fb.machine.store.get({ account: ACCOUNT, region: 'us-east-1', kind: 'ssm:parameter-version', id: '/secret:1' });
    expect(row!.document).not.toContain('hunter2');
    await put(fb, '/other', 'x', { Type: 'SecureString', KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' });
    expect((await go(fb, 'DescribeParameters', { ParameterFilters: [{ Key: 'KeyId', Values: ['1234abcd'], Option: 'BeginsWith' }] })).Parameters).toMatchObject([{ Name: '/other' }]);
    expect(await refused(fb, 'PutParameter', { Name: '/third', Value: 'x', Type: 'SecureString', KeyId: 'mine' })).toMatchObject({ code: 'InvalidKeyId' });
    await put(fb, '/secret', 'plain', { Overwrite: true });
    expect(await got(fb, '/secret')).toMatchObject({ Type: 'String', Value: 'plain' });
    expect(await got(fb, '/secret:1', { WithDecryption: true })).toMatchObject({ Type: 'SecureString', Value: 'hunter2' });
  });

  it('of the data type of images is not made of what is no image, as AWS finds out after it has answered', async () => {
    const fb = await fogbank();
    const { Images } = await fb.ec2.send(new DescribeImagesCommand({ Owners: ['amazon'] }));
    await put(fb, 'ami', Images![0]!.ImageId!, { DataType: 'aws:ec2:image' });
    expect(await got(fb, 'ami')).toMatchObject({ DataType: 'aws:ec2:image', Version: 1 });
    expect(await put(fb, 'ami', 'ami-0123456789abcdef0', { Overwrite: true })).toMatchObject({ Version: 2 });
    expect(await got(fb, 'ami')).toMatchObject({ Value: Images![0]!.ImageId, Version: 1 });
    expect(await put(fb, 'none', 'ami-0123456789abcdef0', { DataType: 'aws:ec2:image' })).toMatchObject({ Version: 1 });
    expect(await refused(fb, 'GetParameter', { Name: 'none' })).toMatchObject({ code: 'ParameterNotFound' });
    expect(await refused(fb, 'PutParameter', { Name: 'ami', Value: 'x', Overwrite: true, DataType: 'text' })).toMatchObject({ code: 'ValidationException' });
  });

  it('goes with its versions, and comes again as the first', async () => {
    const fb = await fogbank();
    for (const name of ['/a', '/b', '/c']) await put(fb, name, 'x');
    expect(await go(fb, 'GetParameters', { Names: ['/a', '/nobody', '/b:1', '/c:7'] })).toMatchObject({ Parameters: [{ Name: '/a' }, { Name: '/b', Selector: ':1' }], InvalidParameters: ['/nobody', '/c:7'] });
    expect(await go(fb, 'DeleteParameters', { Names: ['/b', '/c', '/nobody'] })).toMatchObject({ DeletedParameters: ['/b', '/c'], InvalidParameters: ['/nobody'] });
    await go(fb, 'DeleteParameter', { Name: '/a' });
    expect(await refused(fb, 'DeleteParameter', { Name: '/a' })).toMatchObject({ code: 'ParameterNotFound' });
    expect(await refused(fb, 'GetParameterHistory', { Name: '/a' })).toMatchObject({ code: 'ParameterNotFound' });
    expect(await put(fb, '/a', 'y')).toMatchObject({ Version: 1 });
    expect((await go(fb, 'GetParameterHistory', { Name: '/a' })).Parameters).toHaveLength(1);
  });

  it('is of its account and region', async () => {
    const fb = await fogbank();
    await put(fb, '/a', 'x');
    expect((await go(fb, 'DescribeParameters', {}, 'eu-west-1')).Parameters).toEqual([]);
  });
});

describe('versions', () => {
  it('are a hundred; the oldest goes, unless it has a label', async () => {
    const fb = await fogbank();
    for (let n = 1; n <= 101; n++) await put(fb, '/a', String(n), { Overwrite: true });
    const first = await go(fb, 'GetParameterHistory', { Name: '/a' });
    const second = await go(fb, 'GetParameterHistory', { Name: '/a', NextToken: first.NextToken });
    expect([...first.Parameters, ...second.Parameters].map((p: { Version: number }) => p.Version)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
    await go(fb, 'LabelParameterVersion', { Name: '/a', ParameterVersion: 2, Labels: ['kept'] });
    expect(await refused(fb, 'PutParameter', { Name: '/a', Value: 'x', Overwrite: true })).toMatchObject({ code: 'ParameterMaxVersionLimitExceeded', message: expect.stringContaining('Version 2, the oldest version') });
    expect(await refused(fb, 'GetParameterHistory', { Name: '/a', NextToken: 'bm9uc2Vuc2U' })).toMatchObject({ code: 'InvalidNextToken' });
  });

  it('have labels that move, ten at most', async () => {
    const fb = await fogbank();
    await put(fb, '/a', '1');
    await put(fb, '/a', '2', { Overwrite: true });
    expect(await go(fb, 'LabelParameterVersion', { Name: '/a', Labels: ['live', 'aws-x', '1st', 'bad label'] })).toMatchObject({ ParameterVersion: 2, InvalidLabels: ['aws-x', '1st', 'bad label'] });
    await go(fb, 'LabelParameterVersion', { Name: '/a', ParameterVersion: 1, Labels: ['live', 'old'] });
    expect((await go(fb, 'GetParameterHistory', { Name: '/a' })).Parameters.map((p: { Labels: string[] }) => p.Labels)).toEqual([['live', 'old'], []]);
    expect(await refused(fb, 'LabelParameterVersion', { Name: '/a', ParameterVersion: 1, Labels: Array.from({ length: 9 }, (_, i) => `l${i}`) })).toMatchObject({ code: 'ParameterVersionLabelLimitExceeded' });
    expect(await go(fb, 'UnlabelParameterVersion', { Name: '/a', ParameterVersion: 1, Labels: ['old', 'never'] })).toMatchObject({ RemovedLabels: ['old'], InvalidLabels: ['never'] });
    expect(await refused(fb, 'LabelParameterVersion', { Name: '/a', ParameterVersion: 9, Labels: ['x'] })).toMatchObject({ code: 'ParameterVersionNotFound' });
    expect(await got(fb, '/a:live')).toMatchObject({ Version: 1 });
  });
});

describe('listings', () => {
  const world = async () => {
    const fb = await fogbank();
    await put(fb, '/shop/db/host', 'h', { Tags: [{ Key: 'Team', Value: 'web' }] });
    await put(fb, '/shop/db/pass', 'p', { Type: 'SecureString' });
    await put(fb, '/shop/name', 'a,b', { Type: 'StringList', Tier: 'Advanced' });
    await put(fb, 'plain', 'x');
    return fb;
  };
  const names = ({ Parameters }: { Parameters: { Name: string }[] }) => Parameters.map(({ Name }) => Name);

  it('are of a hierarchy', async () => {
    const fb = await world();
    expect(names(await go(fb, 'GetParametersByPath', { Path: '/shop' }))).toEqual(['/shop/name']);
    expect(names(await go(fb, 'GetParametersByPath', { Path: '/shop/', Recursive: true }))).toEqual(['/shop/db/host', '/shop/db/pass', '/shop/name']);
    expect(names(await go(fb, 'GetParametersByPath', { Path: '/' }))).toEqual(['plain']);
    expect(names(await go(fb, 'GetParametersByPath', { Path: '/', Recursive: true, ParameterFilters: [{ Key: 'Type', Values: ['SecureString'] }] }))).toEqual(['/shop/db/pass']);
    await go(fb, 'LabelParameterVersion', { Name: '/shop/db/host', Labels: ['live'] });
    await put(fb, '/shop/db/host', 'h2', { Overwrite: true });
    expect((await go(fb, 'GetParametersByPath', { Path: '/shop/db', ParameterFilters: [{ Key: 'Label', Values: ['live'] }] })).Parameters).toMatchObject([{ Name: '/shop/db/host', Value: 'h', Version: 1 }]);
    expect(await refused(fb, 'GetParametersByPath', { Path: '/', ParameterFilters: [{ Key: 'Name', Values: ['x'] }] })).toMatchObject({ code: 'InvalidFilterKey' });
    expect(await refused(fb, 'GetParametersByPath', { Path: 'shop' })).toMatchObject({ code: 'ValidationException', message: expect.stringMatching(/must begin with a forward slash/) });
    const page = await go(fb, 'GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 3 });
    expect(names(await go(fb, 'GetParametersByPath', { Path: '/', Recursive: true, MaxResults: 3, NextToken: page.NextToken }))).toEqual(['plain']);
  });

  it.each([
    [{ Key: 'Name', Values: ['/shop'], Option: 'BeginsWith' }, ['/shop/db/host', '/shop/db/pass', '/shop/name']], [{ Key: 'Name', Values: ['ost'], Option: 'Contains' }, ['/shop/db/host']], [{ Key: 'Name', Values: ['/plain'] }, ['plain']],
    [{ Key: 'Path', Values: ['/shop'] }, ['/shop/name']], [{ Key: 'Path', Values: ['/shop'], Option: 'Recursive' }, ['/shop/db/host', '/shop/db/pass', '/shop/name']], [{ Key: 'Tier', Values: ['Advanced'] }, ['/shop/name']],
    [{ Key: 'Type', Values: ['SecureString', 'StringList'] }, ['/shop/db/pass', '/shop/name']], [{ Key: 'tag:Team', Values: ['web'] }, ['/shop/db/host']], [{ Key: 'tag:Team' }, ['/shop/db/host']], [{ Key: 'DataType', Values: ['aws:ec2:image'] }, []],
  ])('are selected by %j', async (filter, expected) => {
    expect(names(await go(await world(), 'DescribeParameters', { ParameterFilters: [filter] }))).toEqual(expected);
  });

  it('are selected in the old way too, are in pages, and refuse what is no filter', async () => {
    const fb = await world();
    expect(names(await go(fb, 'DescribeParameters', { Filters: [{ Key: 'Name', Values: ['plain'] }] }))).toEqual(['plain']);
    const first = await go(fb, 'DescribeParameters', { MaxResults: 3 });
    expect(first.Parameters).toHaveLength(3);
    expect(names(await go(fb, 'DescribeParameters', { MaxResults: 3, NextToken: first.NextToken }))).toEqual(['plain']);
    expect((await go(fb, 'DescribeParameters', { Shared: true })).Parameters).toEqual([]);
    for (const [filter, code] of [
      [{ Key: 'Label', Values: ['x'] }, 'InvalidFilterKey'], [{ Key: 'Name' }, 'InvalidFilterValue'], [{ Key: 'Type', Values: ['Text'] }, 'InvalidFilterValue'], [{ Key: 'Type', Values: ['String'], Option: 'Contains' }, 'InvalidFilterOption'],
      [{ Key: 'Path', Values: ['/aws/service'] }, 'ValidationException'],
    ] as const) expect(await refused(fb, 'DescribeParameters', { ParameterFilters: [filter] })).toMatchObject({ code });
  });
});

describe('tags', () => {
  it('come, go, and are told', async () => {
    const fb = await fogbank();
    await put(fb, '/a', 'x', { Tags: [{ Key: 'Team', Value: 'web' }] });
    const of = { ResourceType: 'Parameter', ResourceId: '/a' };
    await go(fb, 'AddTagsToResource', { ...of, Tags: [{ Key: 'Team', Value: 'db' }, { Key: 'Cost', Value: '' }] });
    await put(fb, '/a', 'y', { Overwrite: true });
    expect((await go(fb, 'ListTagsForResource', of)).TagList).toEqual([{ Key: 'Team', Value: 'db' }, { Key: 'Cost', Value: '' }]);
    await go(fb, 'RemoveTagsFromResource', { ...of, TagKeys: ['Team'] });
    expect((await go(fb, 'ListTagsForResource', of)).TagList).toEqual([{ Key: 'Cost', Value: '' }]);
    expect(await refused(fb, 'AddTagsToResource', { ...of, Tags: Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: 'v' })) })).toMatchObject({ code: 'TooManyTagsError' });
    for (const ResourceType of ['Parameter', 'Document']) expect(await refused(fb, 'ListTagsForResource', { ResourceType, ResourceId: '/b' })).toMatchObject({ code: 'InvalidResourceId' });
  });
});
