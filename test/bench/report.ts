import Table from 'cli-table3';
import type { Row } from './bench.js';
import { isBroken } from './limits.js';
import type { Limit } from './limits.js';

/** The rows for a person to read. */
export function reportOf(rows: readonly Row[]): string {
  const { machine, input } = rows[0]!;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryMiB} MiB, ${machine.platform}, Node ${machine.node}`,
    `${input.accounts} accounts × ${input.regions} Regions × ${input.manifests} manifests = ${input.deployments} deployments, and ${input.foreignStacksAtEachTarget} foreign stacks at each target`,
    'The simulator, and DynamoDB with it, run in a process of their own: time and memory are of the reconciler alone, from its start on.',
    '',
    rowsTable(rows),
    '',
    ...rows.flatMap((row) => [
      `${row.row}:`,
      `  floor: ${floorOf(row)}`,
      operationsOf(row),
      limitsTable(row.limits),
      ...row.failures.slice(0, 10).map((failure) => `  ${failure}`),
      '',
    ]),
  ].join('\n');
}

const PLAIN = { style: { head: [], border: [] } };

function rowsTable(rows: readonly Row[]): string {
  const table = new Table({ ...PLAIN, head: ['', 'calls', 'ledger calls', 'seconds', 'CPU seconds', 'peak RSS MiB'] });
  for (const row of rows)
    table.push([row.row, row.calls, row.ledgerCalls, row.seconds, row.cpuSeconds, row.peakRssMiB]);
  return table.toString();
}

function limitsTable(limits: readonly Limit[]): string {
  const table = new Table({ ...PLAIN, head: ['limit', 'found', 'allowed', ''] });
  for (const limit of limits)
    table.push([limit.what, limit.found, allowed(limit), isBroken(limit) ? 'BROKEN' : 'kept']);
  return table.toString();
}

function allowed({ least, most }: Limit): string {
  return least === most ? String(most) : `${least} to ${most}`;
}

function floorOf({ floor }: Row): string {
  const parts = [
    `discovery ${floor.discovery}`,
    `accounts ${floor.accounts}`,
    `accounts × Regions ${floor.targets}`,
    `extra pages ${floor.extraPages}`,
    `reads of stack sets ${floor.stackSets}`,
    `creations ${floor.creations}`,
  ];
  return `${floor.total} calls = ${parts.join(' + ')}`;
}

function operationsOf(row: Row): string {
  const operations = Object.entries(row.callsByOperation).sort(([, one], [, other]) => other - one);
  return operations.map(([operation, times]) => `  ${String(times).padStart(7)}  ${operation}`).join('\n');
}
