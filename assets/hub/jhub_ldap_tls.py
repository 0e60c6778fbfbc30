"""TLS to a directory, checked by Python itself."""

from __future__ import annotations

import ssl

import ldap3


class KnownTls(ldap3.Tls):
    """Knows a certificate for a name or an IP address. ldap3's own check knows none for an address from Python 3.12 on."""

    def wrap_socket(self, connection: ldap3.Connection, do_handshake: bool = False) -> None:
        """Raises `ssl.SSLError` for a certificate that is not the server's, or of an unknown authority."""
        context = ssl.create_default_context(cafile=self.ca_certs_file)
        connection.socket = context.wrap_socket(
            connection.socket, do_handshake_on_connect=do_handshake, server_hostname=connection.server.host
        )
