/** The files shipped with jhub that every hub reads, in any engine. */
export const hubAssets = [
  'hub/jhub_authenticator.py',
  'hub/jhub_guesses.py',
  'hub/jhub_images.py',
  'hub/jhub_limits.py',
  'hub/jhub_names.py',
  'hub/jhub_pages.py',
  'hub/templates/404.html',
  'hub/templates/change-password.html',
  'hub/templates/error.html',
  'hub/templates/login.html',
  'hub/templates/not_running.html',
  'hub/templates/page.html',
] as const
