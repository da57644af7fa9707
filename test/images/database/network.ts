import type Docker from 'dockerode';

/** A small network of the test's own. Containers live in its upper half, so that the two halves can stand for two zones. */
export interface TestNetwork {
  name: string;
  /** The half that holds the host's own address, which is where this test connects from. */
  hostSide: string;
  containerSide: string;
}

/** Takes a free /28 of 10.99.0.0/16. @throws when the engine has none after 20 tries */
export async function createNetwork(docker: Docker): Promise<TestNetwork> {
  for (let attempt = 0; ; attempt += 1) {
    const prefix = `10.99.${128 + Math.floor(Math.random() * 128)}`;
    const name = `lab-test-database-${process.pid}-${attempt}`;
    try {
      await docker.createNetwork({
        Name: name,
        IPAM: {
          Driver: 'default',
          Config: [{ Subnet: `${prefix}.0/28`, IPRange: `${prefix}.8/29`, Gateway: `${prefix}.1` }],
        },
      });
      return { name, hostSide: `${prefix}.0/29`, containerSide: `${prefix}.8/29` };
    } catch (error) {
      if (attempt === 20) throw error;
    }
  }
}
