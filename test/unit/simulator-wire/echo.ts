import type { Call, Service, ServiceId } from '../../../src/simulator/kernel/contract.js';
import { CountedCalls } from '../../../src/simulator/kernel/counted-calls.js';
import { InjectedFaults } from '../../../src/simulator/kernel/injected-faults.js';
import { RateLimits } from '../../../src/simulator/kernel/rate-limits.js';
import { SeededIdentifiers } from '../../../src/simulator/kernel/seeded-identifiers.js';
import { Sessions } from '../../../src/simulator/kernel/sessions.js';
import { HeapClock } from '../../../src/simulator/kernel/virtual-clock.js';
import { ENDPOINTS } from '../../../src/simulator/wire/endpoints.js';
import { Gateway, type GatewayParts } from '../../../src/simulator/wire/gateway.js';

/** A gateway whose services do nothing but keep what they were given and answer what they were told; it takes any input unless it is told to check. */
export class Echo {
  reply: unknown = {};
  seen: { readonly input: unknown; readonly call: Call } | undefined;
  readonly calls = new CountedCalls();
  readonly gateway: Gateway;

  constructor(private readonly violations: GatewayParts['violations'] = () => []) {
    const clock = new HeapClock(new Date(0));
    const services = new Map<ServiceId, Service>();
    for (const { id, model } of Object.values(ENDPOINTS)) {
      const handler = (input: unknown, call: Call) => {
        this.seen = { input, call };
        if (this.reply instanceof Error) throw this.reply;
        return this.reply;
      };
      services.set(id, { id, operations: Object.fromEntries(model.operationNames.map((name) => [name, handler])) });
    }
    this.gateway = new Gateway({
      clock,
      requestIds: new SeededIdentifiers(1, 'requests'),
      sessions: new Sessions('aws', clock, new SeededIdentifiers(1, 'sessions')),
      services,
      calls: this.calls,
      faults: new InjectedFaults(),
      limits: new RateLimits(clock, null),
      violations: this.violations,
      dynamoDb: () => Promise.reject(new Error('not here')),
    });
  }
}
