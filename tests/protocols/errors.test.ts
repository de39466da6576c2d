/** Errors: what the SDK throws for what is written, and the words for requests that cannot be read or break the model's limits. */
import { describe, expect, it } from 'vitest';
import { AwsError, loadModel, protocolFor } from '../../protocols/index.ts';
import type { OperationModel, ProtocolName, WireRequest } from '../../protocols/index.ts';
import { encodeCbor } from '../../protocols/cbor.ts';
import { post, sdkClient, sdkCommand } from './support/sdk-clients.ts';

const requestId = '0f7e6b5a-0000-4000-8000-000000000002';

async function thrownBySdk(service: string, operation: string, input: object, error: AwsError, protocol?: ProtocolName): Promise<Record<string, unknown>> {
  const model = loadModel(service);
  const client = await sdkClient(service, () => protocolFor(protocol ?? model.protocols[0]).writeError(model, error, requestId));
  return client.send(await sdkCommand(service, operation, input)).then(
    () => expect.fail('no error'),
    (thrown: unknown) => thrown as Record<string, unknown>,
  );
}

/** 'Code: message' of what the request meets, or its input. */
function outcome(service: string, operationName: string, request: WireRequest, protocolName?: ProtocolName): unknown {
  const model = loadModel(service);
  const operation = model.operation(operationName) as OperationModel;
  const protocol = protocolFor(protocolName ?? model.protocols[0]);
  try {
    const input = protocol.parse(model, operation, request);
    protocol.validate(model, operation, input);
    return input;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

describe('errors through the SDK client', () => {
  it('ec2: code, message and status arrive', async () => {
    const error = new AwsError('InvalidVolume.NotFound', "The volume 'vol-1' does not exist.");
    const thrown = await thrownBySdk('ec2', 'DescribeVolumes', {}, error);
    expect(thrown).toMatchObject({ name: 'InvalidVolume.NotFound', message: "The volume 'vol-1' does not exist.", $metadata: { httpStatusCode: 400, requestId } });
  });

  it('iam: the code on the wire becomes the exception of the model', async () => {
    const error = new AwsError('NoSuchEntity', 'The user with name Bob cannot be found.', 404);
    const thrown = await thrownBySdk('iam', 'GetUser', { UserName: 'Bob' }, error);
    expect(thrown).toMatchObject({ name: 'NoSuchEntityException', message: error.message, $fault: 'client', $metadata: { httpStatusCode: 404, requestId } });
  });

  it('kms: an exception of the model keeps its name and members', async () => {
    const thrown = await thrownBySdk('kms', 'DescribeKey', { KeyId: 'k' }, new AwsError('NotFoundException', 'Key k does not exist'));
    expect(thrown).toMatchObject({ name: 'NotFoundException', message: 'Key k does not exist', $metadata: { requestId } });
  });

  it('sqs: the name and the older code arrive, whichever the handler gave', async () => {
    for (const code of ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue']) {
      const thrown = await thrownBySdk('sqs', 'GetQueueUrl', { QueueName: 'q' }, new AwsError(code, 'The specified queue does not exist.'));
      expect(thrown).toMatchObject({ name: 'QueueDoesNotExist', Code: 'AWS.SimpleQueueService.NonExistentQueue', Type: 'Sender' });
    }
  });

  it('a fault of the server is the receiver\'s', async () => {
    const thrown = await thrownBySdk('iam', 'GetUser', {}, new AwsError('ServiceFailure', 'Internal', 500));
    expect(thrown).toMatchObject({ $fault: 'server', $metadata: { httpStatusCode: 500 } });
  });
});

describe('ec2Query requests', () => {
  const cases: [operation: string, body: string, expected: unknown][] = [
    ['CreateVolume', 'Nope=1', 'UnknownParameter: The parameter Nope is not recognized'],
    ['DescribeVolumes', 'Filter.1.Nope.2.Deep=x', 'UnknownParameter: The parameter Filter.1.Nope.2.Deep is not recognized'],
    ['DescribeVolumes', 'Filter=x', 'UnknownParameter: The parameter Filter is not recognized'],
    ['CreateVolume', 'Size=big', "InvalidParameterValue: Invalid value 'big' for Size. Must be an integer"],
    ['AllocateAddress', 'Domain=lan', 'InvalidParameterValue: Value (lan) for parameter domain is invalid. Must be one of: standard, vpc.'],
    ['DeleteVolume', '', 'MissingParameter: The request must contain the parameter VolumeId'],
    ['CreateSecurityGroup', 'GroupName=g', 'MissingParameter: The request must contain the parameter GroupDescription'],
    ['DescribeVolumes', 'VolumeId.7=c&VolumeId.999999999999=d&VolumeId.2=b', { VolumeIds: ['b', 'c', 'd'] }],
    ['DescribeVolumes', 'Action=DescribeVolumes&Version=2016-11-15&X-Amz-Signature=0&AUTHPARAMS', {}],
    ['DescribeVolumes', 'VolumeId.1=%E0%A4%A', 'MalformedQueryString: The query string contains a syntax error.'],
  ];
  for (const [operation, body, expected] of cases) {
    it(`${operation} ${body || '(nothing)'}`, () => {
      expect(outcome('ec2', operation, post(body))).toEqual(expected);
    });
  }
});

describe('awsQuery, awsJson and rpcv2Cbor requests', () => {
  it('awsQuery: ignores what is not declared, reads a GET', () => {
    const request: WireRequest = { method: 'GET', path: '/', query: 'Action=GetUser&UserName=Bob&Nope.1=x&X-Amz-Expires=60', headers: {}, body: Buffer.alloc(0) };
    expect(outcome('iam', 'GetUser', request)).toEqual({ UserName: 'Bob' });
  });

  it('awsQuery: reports all violations together', () => {
    expect(outcome('iam', 'CreateUser', post('UserName=a%25b&Path=x'))).toBe(
      "ValidationError: 2 validation errors detected: Value 'a%b' at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]+; "
      + "Value 'x' at 'path' failed to satisfy constraint: Member must satisfy regular expression pattern: (\\u002F)|(\\u002F[\\u0021-\\u007E]+\\u002F)",
    );
  });

  it('awsQuery: quotes AWS for a boolean', () => {
    expect(outcome('auto-scaling', 'CreateLaunchConfiguration', post('EbsOptimized=True'))).toBe('MalformedInput: boolean must follow xsd1.1 definition');
  });

  it('awsJson: SerializationException for what cannot be read', () => {
    expect(outcome('kms', 'DescribeKey', post('{"KeyId":'))).toMatch(/^SerializationException/);
    expect(outcome('kms', 'DescribeKey', post('{"KeyId":1}'))).toBe('SerializationException: NUMBER_VALUE can not be converted to a String');
    expect(outcome('kms', 'ListKeys', post('{"Limit":"1"}'))).toBe('SerializationException: STRING_VALUE can not be converted to an Integer');
  });

  it('awsJson: ValidationException in the shared words', () => {
    expect(outcome('kms', 'DescribeKey', post('{}'))).toBe("ValidationException: 1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null");
    expect(outcome('kms', 'ListKeys', post('{"Limit":0}'))).toBe("ValidationException: 1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
  });

  it('rpcv2Cbor: likewise', () => {
    const request = { ...post(''), body: encodeCbor({ Namespace: 1 }) };
    expect(outcome('cloudwatch', 'PutMetricData', request, 'rpcv2Cbor')).toBe('SerializationException: NUMBER_VALUE can not be converted to a String');
  });
});
