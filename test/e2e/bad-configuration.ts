/** How it fails, its Python, the code of the error and words of the cause that `up` shows. */
export type BadConfiguration = [string, string, string, string]

/** Configuration of an operator with which no hub comes up, on any machine. */
export const badConfiguration: readonly BadConfiguration[] = [
  ['raises', 'raise ValueError("no such setting")', 'JHUB-E207', 'no such setting'],
  [
    'ends the hub at its start',
    'c.JupyterHub.hub_bind_url = "http://203.0.113.1:18499"',
    'JHUB-E206',
    'annot assign requested address',
  ],
]
