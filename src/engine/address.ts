/** Where the engine is asked, as a user would write it. */
export function engineAddress(): string {
  return process.env['DOCKER_HOST'] || 'unix:///var/run/docker.sock';
}
