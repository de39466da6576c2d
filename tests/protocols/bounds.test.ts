/** No input, however odd, may do anything but parse or end in an AwsError, and none may cost more than its length. */
import { describe, expect, it } from 'vitest';
import { AwsError, loadModel, protocolFor } from '../../protocols/index.ts';
import type { OperationModel, ProtocolName, Structure, WireRequest } from '../../protocols/index.ts';
import { encodeCbor } from '../../protocols/cbor.ts';
import { RandomValues, randomSource } from './support/random-values.ts';
import { post, sdkClient, sdkCommand, toSdk } from './support/sdk-clients.ts';

function codeOf(protocolName: ProtocolName, service: string, operationName: string, request: WireRequest): string {
  const model = loadModel(service);
  const operation = model.operation(operationName) as OperationModel;
  const protocol = protocolFor(protocolName);
  try {
    protocol.operationName(request);
    protocol.validate(model, operation, protocol.parse(model, operation, request));
    return 'parsed';
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.code;
  }
}

const withBody = (body: Buffer): WireRequest => ({ ...post(''), body });

describe('bounds', () => {
  it('refuses parameters that are too many or too deep', () => {
    const many = Array.from({ length: 10_001 }, (_, index) => `VolumeId.${index + 1}=v`).join('&');
    expect(codeOf('ec2Query', 'ec2', 'DescribeVolumes', post(many))).toBe('MalformedQueryString');
    expect(codeOf('ec2Query', 'ec2', 'DescribeVolumes', post(`${'a.'.repeat(100)}b=1`))).toBe('MalformedQueryString');
    expect(codeOf('awsQuery', 'iam', 'GetUser', post('.'.repeat(100_000)))).toBe('MalformedQueryString');
  });

  it('refuses documents that are too deep', () => {
    const json = `{"Filter":${'{"Not":'.repeat(5000)}{}${'}'.repeat(5001)}`;
    expect(codeOf('awsJson1_1', 'cost-explorer', 'GetCostAndUsage', post(json))).toBe('SerializationException');
    expect(codeOf('awsJson1_1', 'kms', 'DescribeKey', post('['.repeat(200_000)))).toBe('SerializationException');
    expect(codeOf('rpcv2Cbor', 'cloudwatch', 'ListMetrics', withBody(Buffer.alloc(100_000, 0x81)))).toBe('SerializationException');
  });

  it('refuses CBOR that claims more than it holds, or names no text', () => {
    for (const hex of ['bb7fffffffffffffff', '9b00ffffffffffffff', '5bffffffffffffffff', 'a1f6f6', 'ff', 'a10102', 'c1ff', 'bf61', '']) {
      expect(['SerializationException', 'parsed']).toContain(codeOf('rpcv2Cbor', 'cloudwatch', 'ListDashboards', withBody(Buffer.from(hex, 'hex'))));
    }
  });

  it('keeps names such as __proto__ away from prototypes', () => {
    const query = 'Attributes.entry.1.key=__proto__&Attributes.entry.1.value=polluted&__proto__.polluted=1&constructor.prototype.polluted=1';
    const model = loadModel('sns');
    const operation = model.operation('CreateTopic') as OperationModel;
    const input = protocolFor('awsQuery').parse(model, operation, post(`Name=n&${query}`));
    expect(Object.keys(input.Attributes as Structure)).toEqual(['__proto__']);
    expect(codeOf('ec2Query', 'ec2', 'DescribeVolumes', post('__proto__.x=1'))).toBe('UnknownParameter');
    const json = '{"QueueName":"q","Attributes":{"__proto__":"polluted","constructor":"c"},"__proto__":{"polluted":1}}';
    const sqs = loadModel('sqs');
    const queue = protocolFor('awsJson1_0').parse(sqs, sqs.operation('CreateQueue') as OperationModel, post(json));
    expect(Object.keys(queue.Attributes as Structure)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('mutated requests', () => {
  const targets: [ProtocolName, string, string][] = [
    ['ec2Query', 'ec2', 'RunInstances'], ['awsQuery', 'iam', 'CreateRole'], ['awsJson1_1', 'ssm', 'PutParameter'],
    ['awsJson1_0', 'cloudwatch', 'PutMetricAlarm'], ['rpcv2Cbor', 'cloudwatch', 'PutMetricData'],
  ];
  for (const [protocolName, service, operationName] of targets) {
    it(`${protocolName}: only AwsErrors`, async () => {
      const model = loadModel(service);
      const operation = model.operation(operationName) as OperationModel;
      const random = randomSource(7);
      const bodies: Buffer[] = [];
      for (let seed = 0; seed < 20; seed++) {
        const input = new RandomValues(seed).structure(operation.input);
        bodies.push(protocolName === 'rpcv2Cbor' ? encodeCbor(input) : await sentBody(service, operation, input));
      }
      for (let round = 0; round < 2000; round++) {
        const body = Buffer.from(bodies[round % bodies.length]);
        for (let change = 0; change <= round % 8; change++) body[Math.floor(random() * body.length)] = Math.floor(random() * 256);
        codeOf(protocolName, service, operationName, withBody(body.subarray(0, Math.ceil(body.length * (round % 3 === 0 ? random() : 1)))));
      }
    });
  }
});

async function sentBody(service: string, operation: OperationModel, input: Structure): Promise<Buffer> {
  let body = Buffer.alloc(0);
  const client = await sdkClient(service, (request) => {
    body = Buffer.from(request.body);
    return { status: 200, headers: {}, body: [] };
  });
  await client.send(await sdkCommand(service, operation.name, toSdk(input, operation.input))).catch(() => {});
  return body;
}
