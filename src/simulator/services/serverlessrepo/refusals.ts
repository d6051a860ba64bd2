import { AwsError } from '../../kernel/contract.js';

const refusal = (code: string, status: number, message: string): AwsError =>
  new AwsError(code, message, status, { ErrorCode: code, Message: message });

export const badRequest = (message: string): AwsError => refusal('BadRequestException', 400, message);
export const forbidden = (message: string): AwsError => refusal('ForbiddenException', 403, message);
export const notFound = (message: string): AwsError => refusal('NotFoundException', 404, message);
export const conflict = (message: string): AwsError => refusal('ConflictException', 409, message);
