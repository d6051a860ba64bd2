import { describe, expect, it } from 'vitest';
import { createArtifactSource } from '../../../src/blocks/artifact-source.js';
import type { AccountId } from '../../../src/model/identifiers.js';
import { codes, files, manifest } from './material.js';

const source = createArtifactSource({
  partition: 'aws',
  artifactBucket: 'artifacts-${account.id}-${region}',
  controllerAccount: '111122223333' as AccountId,
});
const TEMPLATE = 'Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n';
const at = (path: string) => manifest('x', { type: 'template', path });

describe('a template of the repository', () => {
  it('is the file at its path', () => {
    const { value } = source.resolve(at('templates/topic.yaml'), files({ 'templates/topic.yaml': TEMPLATE }));
    expect(value).toMatchObject({
      template: TEMPLATE,
      resourceTypes: { Topic: 'AWS::SNS::Topic' },
      objects: [],
      tags: {},
    });
  });
  it('may be named with ./', () =>
    expect(
      source.resolve(at('./templates/../templates/topic.yaml'), files({ 'templates/topic.yaml': TEMPLATE })).value,
    ).not.toBeNull());
  it.each(['../topic.yaml', 'templates/../../topic.yaml', '/etc/passwd', '..', 'templates\\topic.yaml'])(
    'is never outside of the folder: %s',
    (path) => {
      const { value, diagnostics } = source.resolve(
        at(path),
        files({ 'templates/topic.yaml': TEMPLATE, '../topic.yaml': TEMPLATE, '/etc/passwd': TEMPLATE }),
      );
      expect([value, codes(diagnostics)]).toEqual([null, ['EK4002']]);
    },
  );
  it('that is missing is asked for where the manifest names it, with the nearest name that exists', () => {
    const { diagnostics } = source.resolve(
      at('templates/topik.yaml'),
      files({ 'templates/topic.yaml': TEMPLATE, 'templates/bucket.yaml': TEMPLATE }),
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'EK4001',
        address: 'Stack/x',
        place: { source: 'spec.template' },
        remedy: expect.stringContaining('"templates/topic.yaml"'),
      },
    ]);
  });
  it('that stands in another folder is found there', () => {
    expect(
      source.resolve(at('topic.yaml'), files({ 'templates/topic.yaml': TEMPLATE })).diagnostics[0]?.remedy,
    ).toContain('"templates/topic.yaml"');
  });
  it('that is missing is not guessed from far away, and never from a hidden folder', () => {
    expect(
      source.resolve(at('templates/network.yaml'), files({ 'a.yaml': TEMPLATE, '.locked/network.yaml': TEMPLATE }))
        .diagnostics[0]?.remedy,
    ).toBe('add the file, or correct the path, which is relative to the desired-state folder');
  });
  it('that was refused while reading says why', () => {
    const link = {
      code: 'EK1003',
      severity: 'error',
      place: { file: 'templates/topic.yaml', line: 1, column: 1, length: 1, source: '' },
      message: 'it is a symbolic link',
      remedy: 'copy the file',
    } as const;
    expect(source.resolve(at('templates/topic.yaml'), files({}, [link])).diagnostics).toMatchObject([
      { code: 'EK4001', message: expect.stringContaining('it is a symbolic link'), remedy: 'copy the file' },
    ]);
  });
  it('that is not UTF-8 is refused', () =>
    expect(
      codes(source.resolve(at('t.yaml'), files({ 't.yaml': new Uint8Array([0x52, 0xff, 0xfe]) })).diagnostics),
    ).toEqual(['EK4008']));
  it('has its mistakes shown in its own file', () => {
    expect(source.resolve(at('t.yaml'), files({ 't.yaml': 'Resources:\n  A: {}\n' })).diagnostics).toMatchObject([
      { code: 'EK4007', address: 'Stack/x', place: { file: 't.yaml', line: 2, source: '  A: {}' } },
    ]);
  });
});
