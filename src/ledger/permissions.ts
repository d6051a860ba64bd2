import type { IamAction } from '../reconciler/ports.js';

const use = (action: IamAction['action'], reason: string): IamAction => ({ action, role: 'controller', reason });

/** What the ledger calls on its one table, with the reason. */
export const LEDGER_ACTIONS: readonly IamAction[] = [
  use('dynamodb:GetItem', 'reads one entry, a lease, the budget'),
  use('dynamodb:BatchGetItem', 'reads several leases or entries at once'),
  use('dynamodb:Query', 'reads the inventory, a history, the runs'),
  use('dynamodb:PutItem', 'writes on a condition'),
  use('dynamodb:DeleteItem', 'takes a notice that was told from those that wait; nothing else is ever deleted'),
  use('dynamodb:CreateTable', 'ledger create'),
  use('dynamodb:UpdateTimeToLive', 'ledger create lets notices that were told expire'),
  use('dynamodb:DescribeTable', 'ledger create waits until the table is ACTIVE, and checks its keys'),
  use('s3:PutObject', 'puts what is too big for an item into the artifact bucket'),
  use('s3:GetObject', 'reads it back'),
];
