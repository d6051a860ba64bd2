import { availableParallelism, cpus, totalmem } from 'node:os';

/** What the numbers were measured on. */
export const MACHINE = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  memoryMiB: Math.round(totalmem() / 1024 / 1024),
};

export type Machine = typeof MACHINE;
