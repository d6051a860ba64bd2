import type { Diagnostic } from '../model/diagnostic.js';
import type { DiagnosticCode } from '../model/diagnostic-codes.js';

const MIB = 1024 * 1024;

export const LIMITS = {
  manifestBytes: MIB,
  fileBytes: 50 * MIB,
  files: 5_000,
  totalBytes: 200 * MIB,
  /** Folders below the desired-state folder. */
  depth: 64,
  /** Paths that are looked at, those that hold nothing for us included. */
  paths: 200_000,
} as const;

/** One path below the desired-state folder, before its bytes are read. */
export type Candidate = {
  readonly path: string;
  readonly type: 'file' | 'link' | 'submodule' | 'other';
  readonly bytes: number;
};

export type Intake = {
  /** Whether the file is to be read; a file that breaks a rule is a diagnostic, one that is none of ours is passed over. */
  readonly admits: (candidate: Candidate) => boolean;
  /** `file` is the path that is at fault, where one is: the diagnostic then has its place. */
  readonly refuse: (code: DiagnosticCode, message: string, remedy: string, file?: string) => void;
  readonly diagnostics: readonly Diagnostic[];
};

/** One set of rules for what a revision and a folder may hold, asked path by path, so that no refused file is ever read. */
export function openIntake(): Intake {
  const diagnostics: Diagnostic[] = [];
  const spelled = new Map<string, string>();
  let files = 0;
  let bytes = 0;

  const refuse: Intake['refuse'] = (code, message, remedy, file) => {
    const place = file === undefined ? {} : { place: { file, line: 1, column: 1, length: 1, source: '' } };
    diagnostics.push({ code, severity: 'error', ...place, message, remedy });
  };

  const full = (candidate: Candidate): boolean => {
    files += 1;
    if (files === LIMITS.files + 1) {
      const message = `the desired state holds more than ${LIMITS.files} files; ${candidate.path} and those after it were not read`;
      refuse('EK1006', message, 'move files that are not desired state elsewhere', candidate.path);
    }
    if (files > LIMITS.files) return true;
    if (bytes + candidate.bytes > LIMITS.totalBytes) {
      const message = `${candidate.path} takes the desired state over ${LIMITS.totalBytes / MIB} MiB`;
      refuse('EK1006', message, 'remove what is not needed', candidate.path);
      return true;
    }
    bytes += candidate.bytes;
    return false;
  };

  const isSecondSpelling = (path: string): boolean => {
    const folded = path.normalize('NFC').toLowerCase();
    const first = spelled.get(folded);
    spelled.set(folded, first ?? path);
    if (first === undefined) return false;
    refuse('EK1009', `${path} differs from ${first} in upper and lower case only`, 'rename one of the two', path);
    return true;
  };

  return {
    diagnostics,
    refuse,
    admits: (candidate) => {
      if (inDotFolder(candidate.path)) return false;
      const objection = objectionTo(candidate);
      if (objection !== null) {
        refuse(objection.code, objection.message, objection.remedy, printable(candidate.path));
        return false;
      }
      return isOurs(candidate.path) && !isSecondSpelling(candidate.path) && !full(candidate);
    },
  };
}

/** Folders whose name begins with a dot hold nothing, `.locked` at the top apart; `.git` is refused rather than passed over. */
export function inDotFolder(path: string): boolean {
  return path
    .split('/')
    .slice(0, -1)
    .some((folder, index) => isDotFolder(folder, index));
}

export function isDotFolder(name: string, depth: number): boolean {
  return name.startsWith('.') && name !== '..' && !isGit(name) && !(depth === 0 && name === '.locked');
}

const isGit = (name: string): boolean => name.toLowerCase() === '.git';
const isYaml = (path: string): boolean => /\.ya?ml$/.test(path);
/** What manifests name: templates, the code of constructs, what is locked. */
const isMaterial = (path: string): boolean => /^(?:templates|code|\.locked)\//.test(path);
const isOurs = (path: string): boolean => isYaml(path) || isMaterial(path);

type Objection = { readonly code: DiagnosticCode; readonly message: string; readonly remedy: string };

function objectionTo({ path, type, bytes }: Candidate): Objection | null {
  const name = printable(path);
  if (name !== path) {
    const remedy = 'rename it with printable characters';
    return { code: 'EK1010', message: `the path ${name} has characters that are not text`, remedy };
  }
  if (path.split('/').some((step) => step === '' || step === '.' || step === '..' || isGit(step))) {
    return { code: 'EK1010', message: `the path ${name} leads out of its folder or into .git`, remedy: 'remove it' };
  }
  if (path.split('/').length - 1 > LIMITS.depth) {
    const remedy = 'nest folders less deeply';
    return { code: 'EK1011', message: `${name} is more than ${LIMITS.depth} folders deep`, remedy };
  }
  if (type === 'link') return refusedLink(name, 'a symbolic link', 'put what it points to in its place');
  if (type === 'submodule') return refusedLink(name, 'a submodule', 'copy the files that are needed');
  if (type === 'other') {
    return { code: 'EK1012', message: `${name} is neither a file nor a folder`, remedy: 'remove it' };
  }
  return isOurs(path) ? tooLarge(path, bytes) : null;
}

const refusedLink = (name: string, what: string, remedy: string): Objection => ({
  code: 'EK1003',
  message: `${name} is ${what}, which the desired state may not contain`,
  remedy,
});

function tooLarge(path: string, bytes: number): Objection | null {
  const isManifest = !isMaterial(path) && path !== 'evenkeel.lock.yaml';
  if (isManifest && bytes > LIMITS.manifestBytes) {
    const message = `${path} has ${bytes} bytes; a manifest may have ${LIMITS.manifestBytes}`;
    return { code: 'EK1002', message, remedy: 'split it, or move it to templates/ if it is a template' };
  }
  if (bytes <= LIMITS.fileBytes) return null;
  const message = `${path} has ${bytes} bytes; a file of the desired state may have ${LIMITS.fileBytes}`;
  return { code: 'EK1013', message, remedy: 'make it smaller' };
}

/** The path without anything that could move a terminal's cursor, or that was not UTF-8 to begin with. */
function printable(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, '?');
}
