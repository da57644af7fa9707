import type { Container } from 'dockerode';

/** Removes a container, running or not, and returns once it is gone; one that is gone already is no error. */
export async function removeContainer(container: Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    if (status === 404) return;
    // Docker is removing it already (AutoRemove): its networks are free only when that has ended.
    if (status !== 409) throw error;
    await container.wait({ condition: 'removed' }).catch((gone: { statusCode?: number }) => {
      if (gone.statusCode !== 404) throw gone;
    });
  }
}
