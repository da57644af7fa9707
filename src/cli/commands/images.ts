import type { Command } from 'commander';
import { installation } from '../../installation.ts';
import { connect } from '../../engine/docker.ts';
import { loadImages, saveImages } from '../../engine/images/archive.ts';
import { ensureImages } from '../../engine/images/build.ts';
import { columns } from '../../report/table.ts';
import { prepare } from '../program.ts';
import { write } from '../output.ts';
import { withSession } from '../session.ts';

export function define(command: Command): void {
  command.addHelpText(
    'after',
    '\nImages are built once; a changed input makes another one. With save and load, one machine builds for a classroom.',
  );

  sub(command, 'build', 'Build the images that are missing').action(async (_flags: object, own: Command) => {
    await withSession(
      own,
      { resume: 'run `lab images build` again, it builds what is left' },
      async ({ emit, signal }) => {
        const images = await ensureImages(await connect(), installation.root, { emit, signal });
        return () => write(`${columns(Object.entries(images))}\n`);
      },
    );
  });

  sub(command, 'save', 'Write all images into one file')
    .argument('<file>', 'Such as images.tar')
    .action(async (file: string, _flags: object, own: Command) => {
      await withSession(own, {}, async ({ emit, signal }) => {
        const docker = await connect();
        const images = await ensureImages(docker, installation.root, { emit, signal });
        await saveImages(docker, Object.values(images), file, { emit, signal });
        return () => write(`${file}: ${Object.keys(images).length} images. Elsewhere: lab images load ${file}\n`);
      });
    });

  sub(command, 'load', 'Take images from such a file')
    .argument('<file>', 'Made by `lab images save`')
    .action(async (file: string, _flags: object, own: Command) => {
      await withSession(own, {}, async ({ emit, signal }) => {
        const loaded = await loadImages(await connect(), file, { emit, signal });
        return () => write(`${loaded.join('\n')}\n`);
      });
    });
}

function sub(parent: Command, name: string, summary: string): Command {
  return prepare(parent.command(name)).summary(summary).description(`${summary}.`);
}
