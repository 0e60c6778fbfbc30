import type {ImageLoginResult, ImageLogoutResult} from '../../../hub/image/image-login.js'

export function renderImageLogin({registry, user, outcome}: ImageLoginResult): string {
  return outcome === 'applied'
    ? `${registry} takes the account ${user}. The cluster has it now, as the pull secret of servers.`
    : `${registry} takes the account ${user}, and it is kept. Servers of the hub do not use it yet: \`jhub up\` gives it to them.`
}

export function renderImageLogout({registry, wasThere}: ImageLogoutResult): string {
  return wasThere ? `The hub has no account for ${registry} any more.` : `The hub had no account for ${registry}.`
}
