import {JhubError, outputOf} from '../../../errors.js'

const causes: readonly {readonly words: RegExp; readonly message: string; readonly fix: string | readonly string[]}[] =
  [
    {
      words:
        /cannot connect to the docker daemon|is the docker daemon running|error during connect|docker\.sock.*no such file/i,
      message: 'Docker is not running',
      fix: 'Start Docker (or Docker Desktop), then run the same command again',
    },
    {
      words: /permission denied.*docker\.sock/i,
      message: 'This account may not use Docker',
      fix: 'sudo usermod -aG docker $USER   # then log in again',
    },
    {
      words: /could not be run|ENOENT|command not found/i,
      message: 'The docker program is not installed',
      fix: 'Install Docker: https://docs.docker.com/get-docker/',
    },
    {
      words: /port is already allocated|address already in use/i,
      message: "The hub's port is in use",
      fix: 'Set access.port in the settings file to another, or: jhub doctor',
    },
    {
      words: /no space left|disk quota/i,
      message: "Docker's disk is full",
      fix: 'docker system df   # docker system prune deletes what is not used',
    },
    {
      words: /pull access denied|manifest unknown|failed to pull image|registry-1\.docker\.io|no such host/i,
      message: 'The node image could not be downloaded',
      fix: 'Check the network and the proxy settings of Docker, or name an image that is here: k8s.nodeImage in the settings file',
    },
    {
      words: /too many open files|Reached target .*Multi-User/i,
      message: 'The node did not start: this machine allows too few file watches (inotify)',
      fix: 'sudo sysctl fs.inotify.max_user_instances=512 fs.inotify.max_user_watches=524288',
    },
  ]

/** What docker or kind said, in a person's words where it is known: `JHUB-E213`; anything else as it was. */
export function translateDockerError(error: unknown): unknown {
  if (!(error instanceof JhubError) || error.code !== 'JHUB-E201') return error
  const said = `${error.message}\n${outputOf(error)}`
  const known = causes.find(({words}) => words.test(said))
  return known === undefined ? error : new JhubError('JHUB-E213', known.message, {cause: error.cause, fix: known.fix})
}
